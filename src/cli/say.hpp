// What the program says of its work, on standard error.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "os/standard_streams.hpp"

namespace ream::cli {

inline void say(std::string_view text) {
  os::write_standard_error(fmt::format("ream: {}\n", text));
}

}  // namespace ream::cli
