// What a benchmark saw: every sample of every arm, and where it was taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/arm.hpp"
#include "bench/environment.hpp"
#include "bench/sample.hpp"
#include "bench/statistics.hpp"
#include "bench/stopping.hpp"
#include "bench/tree_content.hpp"

namespace ream::bench {

enum class Cache { warm, cold };

// Why no further round was measured.
enum class End { precise, time_limit, runs, stopped };

struct ArmRecord {
  Arm arm;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<Sample> samples;                // by round, the warm-up left out
  std::optional<LatencyReport> latency = {};  // of the files of all samples; empty: not measured

  std::vector<double> seconds() const {
    std::vector<double> all;
    for (const auto& sample : samples) all.push_back(sample.seconds);
    return all;
  }
};

struct Recording {
  Environment environment;
  std::vector<Work> works;
  std::vector<ArmRecord> arms;
  std::uint64_t seed = 0;
  Cache cache = Cache::warm;
  Latency latency = Latency::files;
  bool control = false;
  double precision = 0;
  double confidence = 0.95;  // that the intervals were asked for (see stopping.hpp)
  End end = End::precise;
  std::optional<int> stopped_by;   // the signal
  std::vector<std::string> notes;  // what was changed of what was asked for, and why

  std::size_t base_of(std::size_t arm) const {
    std::size_t base = 0;
    while (arms[base].arm.work != arms[arm].arm.work) ++base;
    return base;
  }
  bool has_verdict() const { return rounds() >= least_pairs; }
  std::size_t rounds() const { return arms.empty() ? 0 : arms.front().samples.size(); }
};

// How many times faster `arm` is than the base of its work.
Estimate speedup(const Recording& recording, std::size_t arm);

// The smallest number of workers from which on more does not help, since its interval reaches the
// best.
struct EnoughWorkers {
  std::string of;  // the arms that differ in their number of workers alone: "parallel, 4 KiB"
  unsigned workers = 1;
  bool is_most = false;  // of what was tried
};

// For each group of arms with two numbers of workers or more, in the order of the arms.
std::vector<EnoughWorkers> enough_workers(const Recording& recording);

// What a speed-up is multiplied by to be an efficiency: the workers of the base by those of the
// arm. Empty where either is another program, whose workers nobody knows of.
std::optional<double> share_of_workers(const Recording& recording, std::size_t arm);

struct Suggestion {
  std::size_t arm = 0;
  bool shown = false;  // whether a difference to another arm was, where there is another: never by
                       // rounds that give no verdict
};

// Of the arms that `ream` itself wrote the first work by: the one with the fewest workers whose
// interval reaches the best. Empty where there is none, or no sample.
std::optional<Suggestion> suggestion(const Recording& recording);

// What each work is judged by: its arm of ream's own with the highest ratio; where ream has none
// beside the base, the other program with the highest. Empty where nothing is compared.
std::vector<std::size_t> best_arms(const Recording& recording);

}  // namespace ream::bench
