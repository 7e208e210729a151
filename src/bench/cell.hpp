// Text in the columns of a table. Widths are those on a terminal: "é" and "µ" take one place and
// two bytes, "日" takes two places.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ream::bench {

std::size_t display_width(std::string_view text);

// At most `width` places, with "..." where something was left out.
std::string shortened(std::string_view text, std::size_t width);

// Exactly `width` places: shortened, or filled up with spaces.
std::string cell(std::string_view text, std::size_t width);

// Control characters become spaces: a name of several lines would break a table, and one with an
// escape sequence could steer the terminal.
std::string on_one_line(std::string_view text);

}  // namespace ream::bench
