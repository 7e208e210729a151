// The values of a manifest's line that are text with a meaning: modes, times, digests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::plan {

// What is wrong with a line, without its place: "has the mode '999': …".
struct BadLine {
  std::string problem;
};

[[noreturn]] void refuse(std::string problem);  // throws BadLine

// Quoted, and not so long that a message becomes a page.
std::string excerpt(std::string_view text);

// Each throws BadLine.
std::uint32_t parse_mode(std::string_view text);  // "0644": permission bits only
FileTime parse_mtime(std::string_view text);      // "1700000000.123456789", negative before 1970
Sha256 parse_sha256(std::string_view text);       // 64 hexadecimal digits

}  // namespace ream::plan
