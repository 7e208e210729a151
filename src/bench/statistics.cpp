#include "bench/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "random.hpp"

namespace ream::bench {

namespace {

// The ends of a 95 % interval then lie on the 50th resample from either side.
constexpr std::size_t resamples = 2000;

void require_some(std::size_t values) {
  if (values == 0) throw std::invalid_argument("statistics of no values");
}

double median_in_place(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::vector<double> ratios_of(std::span<const double> before, std::span<const double> after) {
  if (before.size() != after.size()) throw std::invalid_argument("a sample without its pair");
  std::vector<double> ratios(before.size());
  std::transform(before.begin(), before.end(), after.begin(), ratios.begin(), std::divides<>());
  return ratios;
}

// A sample of as many values as there are, drawn with replacement from sorted ones. How often each
// was drawn is all that its median needs, so nothing is sorted again.
class Resample {
 public:
  Resample(const std::vector<double>& sorted, SplitMix64& random)
      : sorted_(sorted), random_(random) {}

  double median() {
    times_.assign(sorted_.size(), 0);
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      ++times_[scale_to(0, sorted_.size() - 1, random_.next())];
    }
    const auto half = sorted_.size() / 2;
    return sorted_.size() % 2 == 1 ? at_rank(half) : (at_rank(half - 1) + at_rank(half)) / 2;
  }

 private:
  double at_rank(std::size_t rank) const {
    std::size_t value = 0;
    for (std::size_t drawn = times_[0]; drawn <= rank; drawn += times_[value]) ++value;
    return sorted_[value];
  }

  const std::vector<double>& sorted_;
  SplitMix64& random_;
  std::vector<std::uint32_t> times_;
};

// Of sorted ratios: the order in which the pairs were measured makes no difference.
std::vector<double> resampled_medians(const std::vector<double>& ratios, std::uint64_t seed) {
  SplitMix64 random(seed);
  Resample resample(ratios, random);
  std::vector<double> medians(resamples);
  for (auto& value : medians) value = resample.median();
  std::sort(medians.begin(), medians.end());
  return medians;
}

}  // namespace

double median(std::vector<double> values) {
  require_some(values.size());
  return median_in_place(values);
}

double median_absolute_deviation(const std::vector<double>& values) {
  const double middle = median(values);
  auto distances = values;
  for (auto& value : distances) value = std::abs(value - middle);
  return median(std::move(distances));
}

double quantile_of_sorted(std::span<const double> sorted, double share) {
  require_some(sorted.size());
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Estimate paired_ratio(std::span<const double> before, std::span<const double> after,
                      std::uint64_t seed, double confidence) {
  auto ratios = ratios_of(before, after);
  require_some(ratios.size());
  std::sort(ratios.begin(), ratios.end());
  const auto medians = resampled_medians(ratios, seed);
  const double tail = (1 - confidence) / 2;
  return {median(ratios),
          {quantile_of_sorted(medians, tail), quantile_of_sorted(medians, 1 - tail)},
          ratios.size()};
}

}  // namespace ream::bench
