// Whether what goes to standard output is coloured: nobody else decides it.
#pragma once

#include "cli/arguments.hpp"

namespace ream::cli {

bool output_is_colored(const Arguments& arguments);

}  // namespace ream::cli
