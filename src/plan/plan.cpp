#include "ream/plan.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace ream {

PlanSlice::PlanSlice(const Plan& whole, std::uint64_t first, std::uint64_t last)
    : whole_(&whole), first_(first), last_(last) {
  if (first > last || last > whole.size()) {
    throw std::out_of_range(
        fmt::format("slice {} to {} of a plan of {} jobs", first, last, whole.size()));
  }
}

PlanSlice Plan::slice(std::uint64_t first, std::uint64_t last) const {
  return PlanSlice(*this, first, last);
}

}  // namespace ream
