// A recording with samples that a test chose, as if they had been measured.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench/recording.hpp"

namespace ream::test {

struct MadeRecording {
  bench::Recording recording;

  MadeRecording() {
    recording.works = {{500, 4096, {}}};
    recording.environment.directory = "/place";
    recording.environment.filesystem = "tmpfs (rw; rw)";
    recording.environment.processors = 2;
  }

  // Alike samples around `seconds`, so that intervals are narrow.
  bench::ArmRecord& add(bench::Arm arm, double seconds, std::size_t rounds = 10) {
    bench::ArmRecord record{std::move(arm), 500, 500 * 4096, {}, {}};
    for (std::size_t round = 0; round < rounds; ++round) {
      bench::Sample sample;
      sample.seconds = seconds * (1 + 0.001 * static_cast<double>(round % 3));
      sample.round = round;
      record.samples.push_back(sample);
    }
    recording.arms.push_back(std::move(record));
    return recording.arms.back();
  }

  bench::ArmRecord& add_serial(double seconds) {
    return add({"serial", 0, Placement::in_process, 1}, seconds);
  }
  bench::ArmRecord& add_pooled(unsigned workers, double seconds) {
    return add({"-j" + std::to_string(workers), 0, Placement::pooled, workers}, seconds);
  }
  bench::ArmRecord& add_command(const std::string& command, double seconds) {
    bench::Arm arm{command, 0, Placement::pooled, 1};
    arm.command = command;
    return add(std::move(arm), seconds);
  }
};

// The samples become unlike, by up to `share`.
inline void blur(bench::ArmRecord& record, double share) {
  for (auto& sample : record.samples)
    sample.seconds *= 1 + (sample.round % 2 == 0 ? -share : share);
}

}  // namespace ream::test
