#include "bench/recording.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace ream::bench {

namespace {

bool differ_in_workers_alone(const Arm& a, const Arm& b) {
  return a.work == b.work && a.placement == b.placement && a.layout == b.layout &&
         a.atomic == b.atomic && a.sync == b.sync;
}

// Each by its number of workers.
std::vector<std::vector<std::size_t>> arms_that_differ_in_workers(const Recording& recording) {
  std::vector<std::vector<std::size_t>> groups;
  const auto& arms = recording.arms;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (!arms[i].arm.is_reams_own() || arms[i].arm.is_serial()) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& known) {
      return differ_in_workers_alone(arms[known.front()].arm, arms[i].arm);
    });
    group == groups.end() ? groups.push_back({i}) : group->push_back(i);
  }
  std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
  for (auto& group : groups) {
    std::sort(group.begin(), group.end(),
              [&](auto a, auto b) { return arms[a].arm.workers < arms[b].arm.workers; });
  }
  return groups;
}

std::vector<std::size_t> own_arms_of_first_work(const Recording& recording) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < recording.arms.size(); ++i) {
    const auto& arm = recording.arms[i].arm;
    if (arm.is_reams_own() && arm.work == recording.arms.front().arm.work) found.push_back(i);
  }
  return found;
}

std::vector<std::size_t> compared_arms(const Recording& recording, std::size_t work,
                                       bool reams_own) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < recording.arms.size(); ++i) {
    const auto& arm = recording.arms[i].arm;
    const bool compared = arm.work == work && recording.base_of(i) != i;
    if (compared && arm.is_reams_own() == reams_own) found.push_back(i);
  }
  return found;
}

// The ratio of the base, which is compared with itself, is 1.
std::size_t highest(const Recording& recording, const std::vector<std::size_t>& arms) {
  std::vector<double> ratios;
  for (const auto arm : arms) ratios.push_back(speedup(recording, arm).value);
  return arms[static_cast<std::size_t>(std::max_element(ratios.begin(), ratios.end()) -
                                       ratios.begin())];
}

// The base has no interval of its own: it reaches the best where that is not shown to be faster.
bool reaches(const Recording& recording, std::size_t arm, std::size_t best) {
  if (arm == best) return true;
  const auto ratio = speedup(recording, best);
  if (recording.base_of(arm) == arm) return ratio.interval.low <= 1;
  return speedup(recording, arm).interval.high >= ratio.value;
}

// Of as many, the one that needs no fork; then the one with the higher ratio.
bool has_fewer_workers(const Recording& recording, std::size_t a, std::size_t b) {
  const auto rank = [&](std::size_t arm) {
    const auto& own = recording.arms[arm].arm;
    return std::tuple(own.workers, !own.is_serial(), -speedup(recording, arm).value);
  };
  return rank(a) < rank(b);
}

}  // namespace

Estimate speedup(const Recording& recording, std::size_t arm) {
  const auto base = recording.base_of(arm);
  return paired_ratio(recording.arms[base].seconds(), recording.arms[arm].seconds(),
                      recording.seed + arm, recording.confidence);
}

std::vector<EnoughWorkers> enough_workers(const Recording& recording) {
  std::vector<EnoughWorkers> enough;
  for (const auto& group : arms_that_differ_in_workers(recording)) {
    const auto best = highest(recording, group);
    const auto found = std::find_if(group.begin(), group.end(),
                                    [&](auto arm) { return reaches(recording, arm, best); });
    const auto& arm = recording.arms[*found].arm;
    enough.push_back({name_without_workers(arm), arm.workers, *found == group.back()});
  }
  return enough;
}

std::optional<double> share_of_workers(const Recording& recording, std::size_t arm) {
  const auto& base = recording.arms[recording.base_of(arm)].arm;
  const auto& own = recording.arms[arm].arm;
  if (!base.is_reams_own() || !own.is_reams_own()) return std::nullopt;
  return static_cast<double>(base.workers) / own.workers;
}

std::optional<Suggestion> suggestion(const Recording& recording) {
  const auto arms = own_arms_of_first_work(recording);
  if (arms.empty() || recording.rounds() == 0) return std::nullopt;
  const auto best = highest(recording, arms);
  std::vector<std::size_t> reaching;
  std::copy_if(arms.begin(), arms.end(), std::back_inserter(reaching),
               [&](auto arm) { return reaches(recording, arm, best); });
  const auto chosen = *std::min_element(reaching.begin(), reaching.end(), [&](auto a, auto b) {
    return has_fewer_workers(recording, a, b);
  });
  const bool differs = recording.has_verdict() && reaching.size() < arms.size();
  return Suggestion{chosen, arms.size() == 1 || differs};
}

std::vector<std::size_t> best_arms(const Recording& recording) {
  std::vector<std::size_t> best;
  for (std::size_t work = 0; work < recording.works.size(); ++work) {
    auto arms = compared_arms(recording, work, true);
    if (arms.empty()) arms = compared_arms(recording, work, false);
    if (!arms.empty()) best.push_back(highest(recording, arms));
  }
  return best;
}

}  // namespace ream::bench
