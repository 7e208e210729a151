// Two recorded runs beside each other.
#pragma once

#include <string>
#include <vector>

#include "bench/recording_json.hpp"
#include "bench/statistics.hpp"

namespace ream::bench {

// How many times faster `after` is, where the samples are no pairs: the ratio of the medians, and
// an interval from resampling each for itself, of confidence_of_fixed() as many pairs as the fewer
// of them are. Runs of two days, or two machines, differ by more than what their samples know of:
// the interval says nothing of that.
Estimate unpaired_ratio(const std::vector<double>& before, const std::vector<double>& after,
                        std::uint64_t seed);

struct ComparedArm {
  std::string name;
  Estimate ratio;  // how many times faster the later recording is
};
struct RunComparison {
  std::string text;  // a verdict for each arm of both, and what else differs
  std::vector<ComparedArm> arms;
};

// Arms are the same where all that was asked of them is: who writes, how many workers, layout,
// atomic, sync, the command, the bytes of a file. Their names say only what told them apart within
// one recording. An arm with fewer than least_pairs samples has no verdict. Throws InputError where
// there is no arm in common.
RunComparison compare(const RecordedRun& before, const RecordedRun& after);

}  // namespace ream::bench
