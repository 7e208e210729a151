// When enough rounds have been measured.
#pragma once

#include <cstddef>

#include "bench/statistics.hpp"

namespace ream::bench {

// Who looks at an interval again and again, and stops as soon as it is narrow, stops at intervals
// that are narrow by luck: they miss the truth in 7 to 10 % of runs, not in 5 %. So this looks
// seldom, each time a quarter later than before, and at intervals of a confidence that is higher by
// what looking costs. test/bench/stopping_test.cpp measures that 4 to 6 % miss.
class StoppingRule {
 public:
  explicit StoppingRule(double precision, std::size_t least_pairs = 10)
      : precision_(precision), least_pairs_(least_pairs) {}

  // Whether the interval may be looked at after so many pairs.
  bool looks_at(std::size_t pairs) const;

  // Of the intervals that are looked at; those of runs that ended otherwise have plain_confidence.
  double confidence(std::size_t pairs) const;

  // As high as `precision` says, in relation to its value.
  bool is_narrow(const Estimate& estimate) const;

 private:
  double precision_;
  std::size_t least_pairs_;
};

inline constexpr double plain_confidence = 0.95;

}  // namespace ream::bench
