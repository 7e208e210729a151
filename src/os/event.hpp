// Something that happens once, and that a poll() sees from then on.
#pragma once

#include "os/fd.hpp"

namespace ream::os {

class Event {
 public:
  Event();  // throws Error

  // From any thread, and from a signal handler. A process forked from this one shares it.
  void set() noexcept;

  int fd() const noexcept { return fd_.get(); }  // readable once it is set
  void close() noexcept { fd_.reset(); }         // set() does nothing from then on

 private:
  Fd fd_;
};

}  // namespace ream::os
