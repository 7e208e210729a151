#include "os/clock.hpp"

#include <time.h>

namespace ream::os {

FileTime file_clock_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return {now.tv_sec, static_cast<std::uint32_t>(now.tv_nsec)};
}

}  // namespace ream::os
