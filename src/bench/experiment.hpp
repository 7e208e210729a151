// The benchmark itself: rounds of samples, one of each arm in each round, until enough is known.
#pragma once

#include <boost/filesystem/path.hpp>
#include <functional>
#include <optional>

#include "bench/arm.hpp"
#include "bench/recording.hpp"

namespace ream::bench {

struct Progress {
  const Recording& recording;
  std::size_t arm;  // that is measured now
  bool warming_up;
};

struct ExperimentOptions {
  boost::filesystem::path directory;
  double precision = 0.05;            // relative width of an interval that is narrow enough
  double time_limit = 60;             // seconds
  std::optional<std::uint64_t> runs;  // rounds at most, whatever the intervals are
  bool scale_count = true;            // more files where a sample would be too short to be timed
  Cache cache = Cache::warm;
  Latency latency = Latency::files;
  std::uint64_t seed = 1;
  std::function<void(const Progress&)> on_progress = {};
};

// Samples are written to fresh directories in `directory`, and checked: the same files and bytes in
// each arm of a work. Checking and removing are not timed. A first round is dropped.
//
// Ends after at least 10 rounds when every interval is narrow enough, at the time limit, after
// `runs` rounds, or at a stop signal (then with what there is). Throws BadSample where an arm wrote
// something else than the others or failed, Error where `directory` cannot be used or caches cannot
// be dropped, InputError for a bad manifest.
Recording run_experiment(Comparison comparison, bool control, const ExperimentOptions& options);

}  // namespace ream::bench
