#include "bench/verdict.hpp"

#include <fmt/format.h>

namespace ream::bench {

std::string verdict(std::string_view subject, const Estimate& ratio) {
  const auto& [low, high] = ratio.interval;
  if (low > 1) {
    return fmt::format("{} is {:.2f} times faster [{:.2f}, {:.2f}]", subject, ratio.value, low,
                       high);
  }
  if (high < 1) {
    return fmt::format("{} is {:.2f} times slower [{:.2f}, {:.2f}]", subject, 1 / ratio.value,
                       1 / high, 1 / low);
  }
  return fmt::format("{}: no difference shown [{:.2f}, {:.2f}]", subject, low, high);
}

}  // namespace ream::bench
