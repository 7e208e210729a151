// Two recorded runs beside each other.
#pragma once

#include <string>

#include "bench/recording_json.hpp"
#include "bench/statistics.hpp"

namespace ream::bench {

// How many times faster `after` is, where the samples are no pairs: the ratio of the medians, and
// an interval from resampling each for itself. Runs of two days, or two machines, differ by more
// than what their samples know of: the interval says nothing of that.
Estimate unpaired_ratio(const std::vector<double>& before, const std::vector<double>& after,
                        std::uint64_t seed);

// A verdict for each arm that both have. Throws InputError where they have none in common, or none
// that wrote the same files.
std::string compare(const RecordedRun& before, const RecordedRun& after);

}  // namespace ream::bench
