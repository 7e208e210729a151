#include "os/fd.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ream::os {

void Fd::reset(int number) noexcept {
  const int saved = errno;
  const int closing = std::exchange(number_, number);
  if (closing >= 0) ::close(closing);
  errno = saved;
}

void close_all(DescriptorList& descriptors) noexcept {
  std::sort(descriptors.begin(), descriptors.end());
  for (auto first = descriptors.begin(); first != descriptors.end();) {
    auto last = first;
    while (last + 1 != descriptors.end() && *(last + 1) <= *last + 1) ++last;
    ::close_range(static_cast<unsigned>(*first), static_cast<unsigned>(*last), 0);
    first = last + 1;
  }
}

}  // namespace ream::os
