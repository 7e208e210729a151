// One measured run of one arm.
#pragma once

#include <cstdint>
#include <optional>

#include "ream/latency.hpp"
#include "ream/report.hpp"

namespace ream::bench {

struct Sample {
  double seconds = 0;      // wall time until the last worker is done and the promise holds
  double first_done = 0;   // until the first worker had no more to do; 0 for other programs
  double last_done = 0;    // until the last one had
  PhaseSeconds phases;     // all 0 for other programs
  double cpu_seconds = 0;  // user and system, of all processes
  std::uint64_t context_switches = 0;
  std::optional<LatencyReport> latency;  // empty for other programs, and once it is its arm's
  std::uint64_t round = 0;               // samples of one round are compared with each other
  std::uint64_t position = 0;            // its place within the round
};

}  // namespace ream::bench
