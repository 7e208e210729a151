// What counts for a command, as a file that --config reads.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "cli/setting.hpp"

namespace ream::cli {

// Each option with where it was set; those that were not, as comments with their defaults.
std::string config_text(const CommandLine& line, const Settings& settings);

}  // namespace ream::cli
