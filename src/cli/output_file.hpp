// A file that a command writes at its end, a device perhaps ("/dev/stdout").
#pragma once

#include <string>
#include <string_view>

namespace ream::cli {

// Throws Error where `file` could not be written, as far as that is known beforehand.
void check_output_file(const std::string& file);

// What was there before is gone. Throws Error.
void write_output_file(const std::string& file, std::string_view content);

}  // namespace ream::cli
