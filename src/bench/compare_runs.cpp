#include "bench/compare_runs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bench/verdict.hpp"
#include "random.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace {

constexpr std::size_t resamples = 4000;
constexpr double tail = 0.025;

double resampled_median(const std::vector<double>& values, SplitMix64& random) {
  std::vector<double> drawn(values.size());
  for (auto& value : drawn) value = values[scale_to(0, values.size() - 1, random.next())];
  return median(drawn);
}

const RecordedArm* find(const RecordedRun& run, const std::string& name) {
  const auto found = std::find_if(run.arms.begin(), run.arms.end(),
                                  [&](const RecordedArm& arm) { return arm.name == name; });
  return found == run.arms.end() ? nullptr : &*found;
}

std::string heading(std::string_view which, const RecordedRun& run) {
  return fmt::format("{}: {}, ream {}, {} ({}), Linux {}\n", which, run.date, run.version,
                     run.directory, run.filesystem, run.kernel);
}

void add_difference(std::string& text, std::string_view what, const std::string& before,
                    const std::string& after) {
  if (before != after) text += fmt::format("note: the {} differs\n", what);
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

std::string compared(const RecordedArm& before, const RecordedArm& after) {
  if (bytes_of_a_file(before) != bytes_of_a_file(after)) {
    return fmt::format("{}: not compared, its files have {} bytes in one and {} in the other\n",
                       after.name, bytes_of_a_file(before), bytes_of_a_file(after));
  }
  const auto ratio = unpaired_ratio(of_each_file(before), of_each_file(after), 1);
  const auto count = before.files == after.files
                         ? std::string()
                         : fmt::format(" (a file's time, of {} and {})", before.files, after.files);
  return verdict(after.name, ratio) + count + "\n";
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
  const auto at = [&](double share) {
    return ratios[static_cast<std::size_t>(share * static_cast<double>(ratios.size() - 1))];
  };
  return {median(before) / median(after),
          {at(tail), at(1 - tail)},
          std::min(before.size(), after.size())};
}

std::string compare(const RecordedRun& before, const RecordedRun& after) {
  auto text = heading("before", before) + heading("after", after);
  add_difference(text, "filesystem", before.filesystem, after.filesystem);
  add_difference(text, "kernel", before.kernel, after.kernel);
  add_difference(text, "processor", before.processor, after.processor);
  std::size_t common = 0;
  for (const auto& arm : after.arms) {
    const auto* old = find(before, arm.name);
    if (old == nullptr || old->seconds.empty() || arm.seconds.empty()) continue;
    text += compared(*old, arm);
    ++common;
  }
  if (common == 0) throw InputError("--compare", "the two recordings have no arm in common");
  return text;
}

}  // namespace ream::bench
