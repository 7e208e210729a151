#include "os/limits.hpp"

#include <sys/resource.h>

namespace ream::os {

std::size_t most_open_files() noexcept {
  rlimit limit{};
  constexpr std::size_t unknown = 256;
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur)
                                                 : unknown;
}

}  // namespace ream::os
