#include "bench/recording.hpp"

#include <algorithm>

namespace ream::bench {

namespace {

std::vector<std::size_t> pooled_arms_of_first_kind(const Recording& recording) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < recording.arms.size(); ++i) {
    const auto& arm = recording.arms[i].arm;
    if (!arm.command.empty() || arm.placement == Placement::in_process) continue;
    const auto& first = found.empty() ? arm : recording.arms[found.front()].arm;
    const bool same = arm.work == first.work && arm.placement == first.placement &&
                      arm.layout == first.layout && arm.atomic == first.atomic &&
                      arm.sync == first.sync;
    if (same) found.push_back(i);
  }
  return found;
}

}  // namespace

Estimate speedup(const Recording& recording, std::size_t arm) {
  const auto base = recording.base_of(arm);
  return paired_ratio(recording.arms[base].seconds(), recording.arms[arm].seconds(),
                      recording.seed + arm, recording.confidence);
}

std::optional<unsigned> enough_workers(const Recording& recording) {
  auto arms = pooled_arms_of_first_kind(recording);
  if (arms.size() < 2) return std::nullopt;
  std::sort(arms.begin(), arms.end(), [&](auto a, auto b) {
    return recording.arms[a].arm.workers < recording.arms[b].arm.workers;
  });
  double best = 0;
  for (const auto arm : arms) best = std::max(best, speedup(recording, arm).value);
  const auto found = std::find_if(arms.begin(), arms.end(), [&](auto arm) {
    return speedup(recording, arm).interval.high >= best;
  });
  return recording.arms[*found].arm.workers;
}

std::size_t fastest(const Recording& recording) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < recording.arms.size(); ++i) {
    const auto& record = recording.arms[i];
    if (!record.arm.command.empty() || record.arm.work != recording.arms.front().arm.work) continue;
    if (median(record.seconds()) < median(recording.arms[best].seconds())) best = i;
  }
  return best;
}

}  // namespace ream::bench
