#include "ream/latency.hpp"

#include <cmath>
#include <numeric>

namespace ream {

namespace {

// The place of the duration that a quantile names among `count` in ascending order, from 1.
std::uint64_t rank_of(double part, std::uint64_t count) noexcept {
  // 0.07 of 100 is a little more than 7, in binary.
  constexpr double rounding = 1 - 1e-12;
  const double rank = std::ceil(part * static_cast<double>(count) * rounding);
  if (!(rank > 1)) return 1;
  return rank >= static_cast<double>(count) ? count : static_cast<std::uint64_t>(rank);
}

}  // namespace

void LatencyHistogram::merge(const LatencyHistogram& other) noexcept {
  std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(),
                 [](std::uint64_t mine, std::uint64_t theirs) { return mine + theirs; });
  max_ = std::max(max_, other.max_);
}

std::uint64_t LatencyHistogram::count() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t LatencyHistogram::quantile(double part) const noexcept {
  if (part >= 1) return max_;
  const auto rank = rank_of(part, count());
  std::uint64_t reached = 0;
  for (std::size_t bucket = 0; bucket + 1 < counts_.size(); ++bucket) {
    reached += counts_[bucket];
    if (reached >= rank) return std::min(middle_of(bucket), max_);
  }
  return max_;  // the last bucket has no end, and without any duration this is 0
}

std::uint64_t LatencyHistogram::middle_of(std::size_t bucket) noexcept {
  const std::size_t octave = bucket >> halving_bits;
  const std::size_t shift = octave <= 1 ? 0 : octave - 1;
  const std::uint64_t leading = bucket - (shift << halving_bits);
  return (leading << shift) + ((std::uint64_t{1} << shift) >> 1);
}

void LatencyReport::merge(const LatencyReport& other) noexcept {
  for (const auto step : {&LatencyReport::file, &LatencyReport::open, &LatencyReport::write,
                          &LatencyReport::sync, &LatencyReport::publish, &LatencyReport::close}) {
    (this->*step).merge(other.*step);
  }
}

}  // namespace ream
