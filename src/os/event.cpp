#include "os/event.hpp"

#include <sys/eventfd.h>

#include <cerrno>

#include "os/errors.hpp"

namespace ream::os {

Fd make_event() {
  Fd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) throw_errno(Operation::open, "event descriptor");
  return fd;
}

void set_event(int fd) noexcept {
  const int saved = errno;
  ::eventfd_write(fd, 1);
  errno = saved;
}

void clear_event(int fd) noexcept {
  eventfd_t discarded = 0;
  ::eventfd_read(fd, &discarded);
}

}  // namespace ream::os
