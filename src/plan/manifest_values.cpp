#include "plan/manifest_values.hpp"

#include <fmt/format.h>

#include <optional>

#include "ream/error.hpp"
#include "text/hexadecimal.hpp"
#include "text/size_text.hpp"

namespace ream::plan {

namespace {

std::optional<std::uint32_t> parse_fraction(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  const auto number = text::parse_whole_number(digits);
  if (!number) return std::nullopt;
  auto nanoseconds = static_cast<std::uint32_t>(*number);
  for (auto missing = digits.size(); missing < 9; ++missing) nanoseconds *= 10;
  return nanoseconds;
}

// Decimal text, so that no digit is lost: a double has 53 bits, a time in nanoseconds needs 61.
std::optional<FileTime> parse_time(std::string_view text) {
  constexpr std::size_t most_digits = 18;
  constexpr std::int64_t second = 1'000'000'000;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto seconds = text::parse_whole_number(whole);
  if (!seconds || whole.size() > most_digits) return std::nullopt;
  const auto fraction =
      point == text.npos ? std::optional<std::uint32_t>{0} : parse_fraction(text.substr(point + 1));
  if (!fraction) return std::nullopt;
  FileTime time{static_cast<std::int64_t>(*seconds), *fraction};
  if (!negative) return time;
  time.seconds = -time.seconds;
  if (time.nanoseconds == 0) return time;
  return FileTime{time.seconds - 1, static_cast<std::uint32_t>(second - time.nanoseconds)};
}

}  // namespace

void refuse(std::string problem) {
  throw BadLine{std::move(problem)};
}

// Quoted, and not so long that a message becomes a page.
std::string excerpt(std::string_view text) {
  constexpr std::size_t longest = 80;
  if (text.size() <= longest) return quoted(text);
  return quoted(text.substr(0, longest)) + "…";
}

std::uint32_t parse_mode(std::string_view text) {
  const bool octal = text.find_first_not_of("01234567") == text.npos;
  if (!octal || text.size() < 3 || text.size() > 4) {
    refuse(fmt::format("has the mode {}: three or four octal digits such as \"0644\" are expected",
                       excerpt(text)));
  }
  std::uint32_t mode = 0;
  for (const char digit : text) mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  if (mode > 0777) {
    refuse(fmt::format("has the mode {}: set-uid, set-gid and sticky bits are not allowed",
                       excerpt(text)));
  }
  return mode;
}

FileTime parse_mtime(std::string_view text) {
  if (const auto time = parse_time(text)) return *time;
  refuse(
      fmt::format("has the mtime {}: seconds since 1970 as decimal text such as "
                  "\"1700000000.123456789\" are expected",
                  excerpt(text)));
}

Sha256 parse_sha256(std::string_view text) {
  const auto digest = text::parse_sha256(text);
  if (digest) return *digest;
  refuse(fmt::format("has the sha256 {}: 64 hexadecimal digits are expected", excerpt(text)));
}

}  // namespace ream::plan
