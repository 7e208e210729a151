// A line of a checksum file, as sha256sum (GNU coreutils) writes and reads it:
// "<64 hexadecimal digits>  <path>". A path with a backslash, a newline or a carriage return has
// these as "\\", "\n" and "\r", and a backslash before the digits says so; the path "-" is written
// as "./-", since alone it would mean standard input. In files whose lines end
// with NUL (sha256sum -z) nothing is escaped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::text {

enum class LineEnd : char { newline = '\n', nul = '\0' };

// Appends the line, its end with it.
void append_sums_line(std::string& text, const Sha256& digest, std::string_view path, LineEnd end);

struct SumsLine {
  Sha256 digest;
  std::string path;
};

// Without its end: the digits, two characters, and one for a path.
inline constexpr std::size_t shortest_sums_line = 67;

// `line` without its end; " *" before the path, for binary mode, means the same as two spaces.
// Empty: it is no such line.
std::optional<SumsLine> parse_sums_line(std::string_view line, LineEnd end);

}  // namespace ream::text
