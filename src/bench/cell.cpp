#include "bench/cell.hpp"

#include <algorithm>
#include <cstdint>

#include "text/json_text.hpp"

namespace ream::bench {

namespace {

constexpr std::string_view ellipsis = "...";

// A byte that begins no UTF-8 is a character for itself: what follows it must not hide behind it.
std::size_t length_of_character(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (text::is_utf8(text.substr(0, length))) return length;
  }
  return 1;
}

std::uint32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character.front());
  std::uint32_t value =
      static_cast<unsigned char>(character.front()) & (0xffU >> (character.size() + 1));
  for (const char byte : character.substr(1)) {
    value = value << 6 | (static_cast<unsigned char>(byte) & 0x3fU);
  }
  return value;
}

// The ranges of C++23's std::format ([format.string.std]), which fmt has too.
bool is_wide(std::uint32_t c) {
  struct Range {
    std::uint32_t first, last;
  };
  static constexpr Range ranges[] = {
      {0x1100, 0x115f},   {0x2329, 0x232a},   {0x2e80, 0x303e},   {0x3040, 0xa4cf},
      {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
      {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
      {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
  };
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

bool is_control(std::uint32_t c) {
  return c < 0x20 || (0x7f <= c && c < 0xa0);
}

std::size_t width_of_character(std::string_view character) {
  return is_wide(code_point(character)) ? 2 : 1;
}

// The longest beginning of `text` that has no more than `width` places.
std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t used = 0; bytes < text.size();) {
    const auto length = length_of_character(text.substr(bytes));
    used += width_of_character(text.substr(bytes, length));
    if (used > width) break;
    bytes += length;
  }
  return text.substr(0, bytes);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto length = length_of_character(text);
    width += width_of_character(text.substr(0, length));
    text.remove_prefix(length);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  const auto kept = beginning(text, width - std::min(width, ellipsis.size()));
  return std::string(kept) + std::string(ellipsis.substr(0, width));
}

std::string cell(std::string_view text, std::size_t width) {
  auto shown = shortened(text, width);
  return shown + std::string(width - display_width(shown), ' ');
}

std::string on_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const auto length = length_of_character(text);
    const auto character = text.substr(0, length);
    const bool single_high_byte = length == 1 && static_cast<unsigned char>(text.front()) >= 0x80;
    line += is_control(code_point(character)) && !single_high_byte ? " " : character;
    text.remove_prefix(length);
  }
  return line;
}

}  // namespace ream::bench
