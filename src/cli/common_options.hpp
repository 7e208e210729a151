// What every command has.
#pragma once

#include "cli/arguments.hpp"

namespace ream::cli {

// The group "Settings" of the help.
OptionGroup common_options();

// Throws UsageError for what the command itself may not look at.
void check_common_options(const Arguments& arguments);

}  // namespace ream::cli
