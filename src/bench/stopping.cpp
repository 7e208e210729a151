#include "bench/stopping.hpp"

#include <cmath>

namespace ream::bench {

namespace {

// Found by simulation (see the header). After few pairs there was little luck to wait for.
constexpr std::size_t few_pairs = 20;
constexpr double after_few = 0.967;
constexpr double after_many = 0.974;

}  // namespace

bool StoppingRule::looks_at(std::size_t pairs) const {
  // Always an even number: the interval of a median is coarse where one sample is the middle.
  auto look = least_pairs_;
  while (look < pairs) look += (look + 7) / 8 * 2;
  return look == pairs;
}

double StoppingRule::confidence(std::size_t pairs) const {
  return pairs < few_pairs ? after_few : after_many;
}

bool StoppingRule::is_narrow(const Estimate& estimate) const {
  return estimate.interval.high - estimate.interval.low <= precision_ * estimate.value;
}

}  // namespace ream::bench
