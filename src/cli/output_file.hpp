// A file that a command writes at its end, a device perhaps ("/dev/stdout").
#pragma once

#include <string>

namespace ream::cli {

// Throws Error where `file` could not be written, as far as that is known beforehand.
void check_output_file(const std::string& file);

}  // namespace ream::cli
