#include "cli/color.hpp"

#include <cstdlib>
#include <string_view>

#include "cli/choices.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

bool terminal_is_dumb() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::string_view(kind) == "dumb";
}

}  // namespace

bool output_is_colored(const Arguments& arguments) {
  const auto when = occasion_choices[arguments.choice("color", occasion_choices)];
  return when == "always" ||
         (when == "auto" && os::standard_output_is_terminal() && !terminal_is_dumb());
}

}  // namespace ream::cli
