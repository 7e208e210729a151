#include "cli/common_options.hpp"

#include "cli/color.hpp"

namespace ream::cli {

po::options_description common_options() {
  auto group = option_group("Settings");
  group.add_options()(
      "config", po::value<std::string>()->value_name("FILE"),
      "read options from FILE: KEY = VALUE lines, in a section [COMMAND] or before")(
      "print-config", po::bool_switch(), "print what counts, as such a file, and do nothing else")(
      "color", po::value<std::string>()->value_name("WHEN"),
      "auto (on a terminal, without NO_COLOR), always, never (default: auto)");
  return group;
}

void check_common_options(const Arguments& arguments) {
  output_is_colored(arguments);
}

}  // namespace ream::cli
