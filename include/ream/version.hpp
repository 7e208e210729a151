#pragma once

#include <string_view>

#include "ream/api.hpp"

namespace ream {

// "0.1.0": the version of the library that is linked.
REAM_API std::string_view version() noexcept;

}  // namespace ream
