#include "plan/name_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ream/error.hpp"

namespace ream::plan {

namespace {

constexpr unsigned widest_field = 255;

InputError bad(std::string_view pattern, std::string_view problem) {
  return InputError(fmt::format("--name {}", quoted(pattern)), std::string(problem));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Any run of digits in a format that means more than 255 is a width of more than 255.
bool is_too_wide(std::string_view format) {
  unsigned number = 0;
  for (const char c : format) {
    number = is_digit(c) ? number * 10 + static_cast<unsigned>(c - '0') : 0;
    if (number > widest_field) return true;
  }
  return false;
}

// "", "5", "05", "d", "08x": no fill character, no alignment, so padding is on the left by blanks
// or zeros.
bool is_plain(std::string_view field) {
  if (field == "{}") return true;
  auto format = field.substr(2, field.size() - 3);
  while (!format.empty() && is_digit(format.front())) format.remove_prefix(1);
  constexpr std::string_view integer_types = "dxXobB";
  return format.empty() || (format.size() == 1 && integer_types.find(format) != format.npos);
}

}  // namespace

NamePattern::NamePattern(std::string_view pattern) {
  pieces_.emplace_back();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      pieces_.back().literal += pattern[i++];
    } else if (c == '{') {
      const auto end = pattern.find_first_of("{}", i + 1);
      if (end == pattern.npos) throw bad(pattern, "a '{' has no '}' (a brace itself is '{{')");
      if (pattern[end] == '{') throw bad(pattern, "a field within a field is not supported");
      add_field(pattern.substr(i + 1, end - i - 1), pattern);
      i = end;
    } else if (c == '}') {
      throw bad(pattern, "a '}' has no '{' (a brace itself is '}}')");
    } else {
      pieces_.back().literal += c;
    }
  }
}

// `field` is what stands between the braces: "", "0", ":05", "0:05".
void NamePattern::add_field(std::string_view field, std::string_view pattern) {
  if (!field.empty() && field.front() == '0') field.remove_prefix(1);
  if (!field.empty() && field.front() != ':') {
    throw bad(pattern, "the only argument is the file's number: write '{}', '{0}' or '{:05}'");
  }
  if (is_too_wide(field)) throw bad(pattern, "a width is at most 255");
  pieces_.back().field = fmt::format("{{{}}}", field == ":" ? "" : field);
  pieces_.emplace_back();
}

void NamePattern::append(std::uint64_t number, std::string& out) const {
  for (const auto& piece : pieces_) {
    out += piece.literal;
    if (piece.field == "{}") {
      const fmt::format_int digits(number);
      out.append(digits.data(), digits.size());
    } else if (!piece.field.empty()) {
      try {
        fmt::vformat_to(std::back_inserter(out), piece.field, fmt::make_format_args(number));
      } catch (const fmt::format_error& error) {
        throw InputError(fmt::format("--name, field '{}', number {}", piece.field, number),
                         error.what());
      }
    }
  }
}

bool NamePattern::is_injective() const noexcept {
  return pieces_.size() > 1 &&
         std::all_of(pieces_.begin(), pieces_.end() - 1,
                     [](const Piece& piece) { return is_plain(piece.field); });
}

}  // namespace ream::plan
