#include "cli/common_options.hpp"

#include "cli/choices.hpp"
#include "cli/color.hpp"

namespace ream::cli {

OptionGroup common_options() {
  auto group = option_group("Settings");
  group.add_options()("config", takes("FILE"), "take options from FILE, an INI file")(
      "print-config", po::bool_switch(), "print what counts, as such a file, and do nothing else")(
      "color", takes(one_of(occasion_choices)),
      "auto: on a terminal, without NO_COLOR (default: auto)");
  return group;
}

void check_common_options(const Arguments& arguments) {
  output_is_colored(arguments);
}

}  // namespace ream::cli
