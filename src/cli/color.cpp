#include "cli/color.hpp"

#include <cstdlib>
#include <string_view>

#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

bool terminal_is_dumb() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::string_view(kind) == "dumb";
}

}  // namespace

bool output_is_colored(const Arguments& arguments) {
  const auto when = arguments.choice("color", {"auto", "always", "never"});
  return when == 1 || (when == 0 && os::standard_output_is_terminal() && !terminal_is_dumb());
}

}  // namespace ream::cli
