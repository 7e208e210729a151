// Something that happens, for a poll() to see: a descriptor that is readable while it is set.
#pragma once

#include "os/fd.hpp"

namespace ream::os {

Fd make_event();  // throws Error

// From any thread, and from a signal handler. A process forked from this one shares the event.
void set_event(int fd) noexcept;
void clear_event(int fd) noexcept;

}  // namespace ream::os
