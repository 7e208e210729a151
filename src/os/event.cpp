#include "os/event.hpp"

#include <sys/eventfd.h>

#include <cerrno>

#include "os/errors.hpp"

namespace ream::os {

Event::Event() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw_errno(Operation::open, "event descriptor");
}

void Event::set() noexcept {
  const int saved = errno;
  ::eventfd_write(fd_.get(), 1);
  errno = saved;
}

}  // namespace ream::os
