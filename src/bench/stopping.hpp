// When enough rounds have been measured.
#pragma once

#include <cstddef>

#include "bench/statistics.hpp"

namespace ream::bench {

// What a bootstrap of so many pairs has to be asked for, that 5 % of its intervals miss the truth:
// one of few pairs is narrower than it says. For a number of pairs that does not depend on what was
// seen.
double confidence_of_fixed(std::size_t pairs);

// Fewer are too few for a verdict: with so few pairs no interval that is asked for is had.
inline constexpr std::size_t least_pairs = 10;

// Who looks at an interval again and again, and stops as soon as it is narrow, stops at intervals
// that are narrow by luck: they miss the truth in 7 to 10 % of runs, not in 5 %. So this looks
// seldom, each time a quarter later than before, and at intervals of a confidence that is higher by
// what looking costs. test/bench/stopping_test.cpp measures that 4 to 6 % miss.
class StoppingRule {
 public:
  explicit StoppingRule(double precision, std::size_t first_look = least_pairs)
      : precision_(precision), first_look_(first_look) {}

  // Whether the interval may be looked at after so many pairs.
  bool looks_at(std::size_t pairs) const;

  // Of the intervals that are looked at; runs that end otherwise have confidence_of_fixed().
  double confidence(std::size_t pairs) const;

  // As high as `precision` says, in relation to its value.
  bool is_narrow(const Estimate& estimate) const;

 private:
  double precision_;
  std::size_t first_look_;
};

}  // namespace ream::bench
