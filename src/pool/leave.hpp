// The leave that one run has for its workers: the first needs none, and without a source none does.
#pragma once

#include "ream/worker_slots.hpp"

namespace ream::detail {

class Leave {
 public:
  explicit Leave(WorkerSlots* slots) noexcept : slots_(slots) {}
  Leave(const Leave&) = delete;
  Leave& operator=(const Leave&) = delete;
  ~Leave() { shrink_to(0); }

  // Whether there may be so many workers at once, once what can be had without waiting was taken.
  bool extend_to(unsigned workers) noexcept {
    while (slots_ != nullptr && held_ + 1 < workers && slots_->try_acquire()) ++held_;
    return slots_ == nullptr || workers <= held_ + 1;
  }

  // Gives back what so many do not need.
  void shrink_to(unsigned workers) noexcept {
    for (; held_ > 0 && held_ + 1 > workers; --held_) slots_->release();
  }

  // See WorkerSlots; -1 where nobody is to be asked.
  int descriptor() const noexcept { return slots_ != nullptr ? slots_->descriptor() : -1; }

 private:
  WorkerSlots* slots_;
  unsigned held_ = 0;
};

}  // namespace ream::detail
