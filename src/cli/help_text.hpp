// How the help of a command is laid out.
#pragma once

#include <string>

#include "cli/arguments.hpp"

namespace ream::cli {

// Usage, what it does, options in groups, an example. It is to fit a screen: an option has a line,
// and the manual page tells the rest.
std::string help_text(const CommandLine& line);

}  // namespace ream::cli
