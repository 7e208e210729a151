#include "bench/stopping.hpp"

#include <cmath>

namespace ream::bench {

namespace {

// Found by simulation (see the header). A percentile bootstrap of few pairs is too narrow.
constexpr std::size_t few_pairs = 20;
constexpr std::size_t many_pairs = 40;

}  // namespace

double confidence_of_fixed(std::size_t pairs) {
  if (pairs < few_pairs) return 0.967;
  return pairs < many_pairs ? 0.957 : 0.95;
}

bool StoppingRule::looks_at(std::size_t pairs) const {
  // Always an even number: the interval of a median is coarse where one sample is the middle.
  auto look = first_look_;
  while (look < pairs) look += (look + 7) / 8 * 2;
  return look == pairs;
}

double StoppingRule::confidence(std::size_t pairs) const {
  return pairs < few_pairs ? 0.973 : 0.977;
}

bool StoppingRule::is_narrow(const Estimate& estimate) const {
  return estimate.interval.high - estimate.interval.low <= precision_ * estimate.value;
}

}  // namespace ream::bench
