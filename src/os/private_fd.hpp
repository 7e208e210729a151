// A descriptor that stays with this process: the children that fork_process() makes do not keep it.
// Otherwise a pipe or a socket of the parent's would not be at its end as long as any child lives.
#pragma once

#include <mutex>

#include "os/fd.hpp"

namespace ream::os {

using PrivateDescriptorsLock = std::unique_lock<std::mutex>;

class PrivateFd {
 public:
  PrivateFd() = default;
  explicit PrivateFd(Fd fd) noexcept;
  // Of one that was opened under this lock, so that no child can have been forked in between.
  PrivateFd(Fd fd, const PrivateDescriptorsLock& lock) noexcept;
  PrivateFd(PrivateFd&& other) noexcept { take(other); }
  PrivateFd& operator=(PrivateFd&& other) noexcept;
  ~PrivateFd() { reset(); }

  int get() const noexcept { return is_of_this_process() ? fd_.get() : -1; }
  explicit operator bool() const noexcept { return get() >= 0; }
  void reset() noexcept;

  // Children that are forked from now on keep it.
  Fd release() noexcept;

 private:
  friend void close_private_descriptors(int kept) noexcept;
  bool is_of_this_process() const noexcept { return generation_ == current_generation_; }
  void take(PrivateFd& other) noexcept;
  void enlist() noexcept;  // under the lock, as delist()
  Fd delist() noexcept;

  Fd fd_;
  PrivateFd* previous_ = nullptr;
  PrivateFd* next_ = nullptr;
  // A child counts one on, which disowns all at once: to write to each would copy the pages that
  // they lie in.
  inline static unsigned current_generation_ = 0;
  unsigned generation_ = current_generation_;
};

// To be held over a fork, in the parent and in the child: a list in the middle of a change would be
// of no use there.
[[nodiscard]] PrivateDescriptorsLock lock_private_descriptors();

// In a child, once: all but `kept`, whose owner is a copy of its parent's and goes on to own it.
// The other copies own nothing from then on.
void close_private_descriptors(int kept = -1) noexcept;

}  // namespace ream::os
