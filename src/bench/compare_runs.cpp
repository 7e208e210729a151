#include "bench/compare_runs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bench/cell.hpp"
#include "bench/stopping.hpp"
#include "bench/verdict.hpp"
#include "random.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace {

constexpr std::size_t resamples = 4000;

double resampled_median(const std::vector<double>& values, SplitMix64& random) {
  std::vector<double> drawn(values.size());
  for (auto& value : drawn) value = values[scale_to(0, values.size() - 1, random.next())];
  return median(drawn);
}

std::string heading(std::string_view which, const RecordedRun& run) {
  return fmt::format("{}: {}, ream {}, {} ({}), Linux {}\n", which, run.date, run.version,
                     run.directory, run.filesystem, run.kernel);
}

std::string difference(std::string_view what, const std::string& before, const std::string& after) {
  if (before == after) return "";
  return fmt::format("note: the {}: {} before, {} after\n", what, before, after);
}

// To time each call takes time of its own. Old recordings do not say.
std::string difference_of_latency(const RecordedRun& before, const RecordedRun& after) {
  if (before.latency.empty() || after.latency.empty()) return "";
  return difference("what was timed (--latency) differs", before.latency, after.latency);
}

std::string differences(const RecordedRun& before, const RecordedRun& after) {
  return difference("filesystem differs", before.filesystem, after.filesystem) +
         difference("kernel differs", before.kernel, after.kernel) +
         difference("processor differs", before.processor, after.processor) +
         difference("number of processors differs", std::to_string(before.processors),
                    std::to_string(after.processors)) +
         difference("governor differs", before.governor, after.governor) +
         difference("build differs", before.build, after.build) +
         difference("state of the caches differs", before.cache, after.cache) +
         difference_of_latency(before, after);
}

// The times of one file, since the runs may have written numbers of them that differ.
std::vector<double> of_each_file(const RecordedArm& arm) {
  auto seconds = arm.seconds;
  for (auto& value : seconds) value /= static_cast<double>(std::max<std::uint64_t>(arm.files, 1));
  return seconds;
}

std::uint64_t bytes_of_a_file(const RecordedArm& arm) {
  return arm.bytes / std::max<std::uint64_t>(arm.files, 1);
}

// What was asked of an arm, with the words for it.
std::vector<std::pair<std::string_view, std::string>> conditions_of(const RecordedArm& arm) {
  return {{"command", arm.command},
          {"placement", arm.placement},
          {"workers", std::to_string(arm.workers)},
          {"layout", arm.layout},
          {"atomic", arm.atomic},
          {"sync", arm.sync},
          {"bytes of a file", std::to_string(bytes_of_a_file(arm))}};
}

// Of several the one of the same name, else of as many files: a control has one arm twice, and
// --count N,M has all else alike.
const RecordedArm* same_arm(const RecordedRun& run, const RecordedArm& wanted) {
  const RecordedArm* best = nullptr;
  int best_likeness = -1;
  for (const auto& arm : run.arms) {
    if (conditions_of(arm) != conditions_of(wanted)) continue;
    const int likeness = 2 * (arm.name == wanted.name) + (arm.files == wanted.files);
    if (likeness <= best_likeness) continue;
    best = &arm;
    best_likeness = likeness;
  }
  return best;
}

// Why an arm has no counterpart, where one of its name seems to be it.
std::string reason_for(const RecordedRun& other, const RecordedArm& arm) {
  const auto namesake = std::find_if(other.arms.begin(), other.arms.end(),
                                     [&](const auto& each) { return each.name == arm.name; });
  if (namesake == other.arms.end()) return "";
  const auto theirs = conditions_of(*namesake), ours = conditions_of(arm);
  std::string reason;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (theirs[i] == ours[i]) continue;
    reason += fmt::format("{}{} {}, in the other {}", reason.empty() ? "" : "; ", ours[i].first,
                          ours[i].second, theirs[i].second);
  }
  return reason.empty() ? "" : " (" + reason + ")";
}

std::string compared(const RecordedArm& before, const RecordedArm& after, const Estimate& ratio) {
  const auto count = before.files == after.files
                         ? std::string()
                         : fmt::format(" (a file's time, of {} and {})", before.files, after.files);
  const auto name = on_one_line(after.name);
  if (ratio.pairs >= least_pairs) return verdict(name, ratio) + count + "\n";
  return fmt::format("{}: no verdict, {} of the {} samples that one takes\n", name, ratio.pairs,
                     least_pairs);
}

bool has_samples(const RecordedArm* arm) {
  return arm != nullptr && !arm->seconds.empty();
}

std::string without_counterpart(const RecordedRun& run, const RecordedRun& other,
                                std::string_view which) {
  std::string text;
  for (const auto& arm : run.arms) {
    if (has_samples(&arm) && has_samples(same_arm(other, arm))) continue;
    text += fmt::format("{}: not compared, only '{}' has it{}\n", on_one_line(arm.name), which,
                        reason_for(other, arm));
  }
  return text;
}

}  // namespace

Estimate unpaired_ratio(const std::vector<double>& before, const std::vector<double>& after,
                        std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<double> ratios(resamples);
  for (auto& ratio : ratios) {
    const auto numerator = resampled_median(before, random);
    ratio = numerator / resampled_median(after, random);
  }
  std::sort(ratios.begin(), ratios.end());
  const auto pairs = std::min(before.size(), after.size());
  const double tail = (1 - confidence_of_fixed(pairs)) / 2;
  return {median(before) / median(after),
          {quantile_of_sorted(ratios, tail), quantile_of_sorted(ratios, 1 - tail)},
          pairs};
}

RunComparison compare(const RecordedRun& before, const RecordedRun& after) {
  RunComparison comparison{
      heading("before", before) + heading("after", after) + differences(before, after), {}};
  for (const auto& arm : after.arms) {
    const auto* old = same_arm(before, arm);
    if (!has_samples(&arm) || !has_samples(old)) continue;
    const auto ratio = unpaired_ratio(of_each_file(*old), of_each_file(arm), 1);
    comparison.text += compared(*old, arm, ratio);
    comparison.arms.push_back({on_one_line(arm.name), ratio});
  }
  const auto others =
      without_counterpart(before, after, "before") + without_counterpart(after, before, "after");
  if (comparison.arms.empty()) {
    throw InputError("--compare", "the two recordings have no arm in common\n" + others);
  }
  comparison.text += others;
  return comparison;
}

}  // namespace ream::bench
