// How long the steps of one file take: where one ends the next begins, so that each costs one look
// at the clock. Nothing is looked at where nobody wants to know.
#pragma once

#include <cstdint>

#include "os/clock.hpp"
#include "ream/latency.hpp"

namespace ream::sink {

class StepTimer {
 public:
  // The first step begins now. They are recorded in `report`; null: nowhere.
  explicit StepTimer(LatencyReport* report) noexcept
      : report_(report), begin_(report == nullptr ? 0 : os::monotonic_nanoseconds()) {}

  void end(LatencyHistogram LatencyReport::*step) noexcept {
    if (report_ == nullptr) return;
    const auto now = os::monotonic_nanoseconds();
    (report_->*step).record(now - begin_);
    begin_ = now;
  }

 private:
  LatencyReport* report_;
  std::uint64_t begin_;
};

}  // namespace ream::sink
