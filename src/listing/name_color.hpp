// Names as `ls --color` shows them where nobody has set LS_COLORS.
#pragma once

#include <string>
#include <string_view>

#include "os/entry_status.hpp"

namespace ream {

// Parameters of SGR (ECMA-48, 8.3.117), as `dircolors --print-database` has them.
inline constexpr std::string_view directory_color = "01;34";

// Of an entry with this mode (type and permissions); empty: as it is.
std::string_view name_color(mode_t mode);

void append_colored(std::string_view name, std::string_view color, std::string& out);

}  // namespace ream
