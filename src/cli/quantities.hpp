// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ream::cli {

std::string with_commas(std::uint64_t number);    // "1,234,567"
std::string readable_bytes(std::uint64_t bytes);  // "512 B", "1.5 MiB"
std::string whole_seconds(double seconds);        // "12 s", for what is only an estimate
std::string readable_seconds(double seconds);     // "0.012 s", "12.3 s", "2 min 05 s"
std::string counted(std::uint64_t number, std::string_view noun);  // "1 file", "2 files"

}  // namespace ream::cli
