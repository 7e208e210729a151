#include "bench/verdict.hpp"

#include <fmt/format.h>

namespace ream::bench {

namespace {

constexpr int fewest_digits = 2;
constexpr int most_digits = 6;

bool reads_as(double value, double limit, int digits) {
  return value != limit &&
         fmt::format("{:.{}f}", value, digits) == fmt::format("{:.{}f}", limit, digits);
}

int digits_for(const Interval& interval, double limit) {
  int digits = fewest_digits;
  while (digits < most_digits &&
         (reads_as(interval.low, limit, digits) || reads_as(interval.high, limit, digits))) {
    ++digits;
  }
  return digits;
}

std::string interval_text(const Interval& interval, int digits) {
  return fmt::format("[{:.{}f}, {:.{}f}]", interval.low, digits, interval.high, digits);
}

std::string difference(std::string_view subject, const Estimate& ratio, std::string_view word) {
  const auto digits = digits_for(ratio.interval, 1);
  return fmt::format("{} is {:.{}f} times {} {}", subject, ratio.value, digits, word,
                     interval_text(ratio.interval, digits));
}

Estimate inverse(const Estimate& ratio) {
  return {1 / ratio.value, {1 / ratio.interval.high, 1 / ratio.interval.low}, ratio.pairs};
}

}  // namespace

std::string verdict(std::string_view subject, const Estimate& ratio) {
  if (ratio.interval.low > 1) return difference(subject, ratio, "faster");
  if (ratio.interval.high < 1) return difference(subject, inverse(ratio), "slower");
  return fmt::format("{}: no difference shown {}", subject,
                     interval_text(ratio.interval, fewest_digits));
}

std::string ratio_text(const Estimate& ratio, double limit) {
  const auto digits = digits_for(ratio.interval, limit);
  return fmt::format("{:.{}f} {}", ratio.value, digits, interval_text(ratio.interval, digits));
}

}  // namespace ream::bench
