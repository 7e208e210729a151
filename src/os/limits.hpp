#pragma once

#include <cstddef>

namespace ream::os {

// How many descriptors this process may have open (RLIMIT_NOFILE, soft).
std::size_t most_open_files() noexcept;

}  // namespace ream::os
