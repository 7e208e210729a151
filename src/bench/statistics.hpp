// The numbers that samples are summed up by. docs/benchmarking.md says why these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ream::bench {

struct Interval {
  double low = 0;
  double high = 0;
};

// A ratio: how many times faster.
struct Estimate {
  double value = 0;
  Interval interval;
  std::size_t pairs = 0;
};

// Of one value or more, in any order; std::invalid_argument where there is none.
double median(std::vector<double> values);

// The median of the distances from the median, as it is: not scaled to a standard deviation.
double median_absolute_deviation(const std::vector<double>& values);

// What `share` of the sorted values (0 to 1) does not exceed, drawn straight between neighbours, as
// R's quantile() does by default (type 7).
double quantile_of_sorted(std::span<const double> sorted, double share);

// The median of before[i] / after[i]: how many times faster `after` is. The interval is a
// percentile bootstrap that resamples pairs: the same for the same seed, on every machine.
// `confidence` is of the interval, such as 0.95. Throws std::invalid_argument without pairs, or
// where one is left over.
Estimate paired_ratio(std::span<const double> before, std::span<const double> after,
                      std::uint64_t seed, double confidence = 0.95);

}  // namespace ream::bench
