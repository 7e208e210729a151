#include "batch/file_latencies.hpp"

#include <utility>

#include "os/clock.hpp"

namespace ream {

FileLatencies::FileLatencies(Latency wanted, unsigned lanes)
    : wanted_(wanted),
      lanes_(lanes),
      memory_(wanted == Latency::none ? 0 : lanes * sizeof(LatencyReport)) {}

FileLatencies::File::File(FileLatencies& all, unsigned lane) noexcept : all_(all), lane_(lane) {
  if (all_.are_wanted() && all_.begin_ == 0) all_.claim();
}

FileLatencies::File::~File() {
  if (!all_.are_wanted()) return;
  const auto now = os::monotonic_nanoseconds();
  const auto begin = std::exchange(all_.begin_, now);
  if (written_) all_.of(lane_).file.record(now - begin);
}

void FileLatencies::claim() noexcept {
  begin_ = os::monotonic_nanoseconds();
}

LatencyReport* FileLatencies::steps_of(unsigned lane) const noexcept {
  return wanted_ == Latency::calls ? &of(lane) : nullptr;
}

std::optional<LatencyReport> FileLatencies::merged() const {
  if (!are_wanted()) return std::nullopt;
  std::optional<LatencyReport> all(std::in_place);
  for (unsigned lane = 0; lane < lanes_; ++lane) all->merge(of(lane));
  return all;
}

LatencyReport& FileLatencies::of(unsigned lane) const noexcept {
  return reinterpret_cast<LatencyReport*>(memory_.data())[lane];
}

}  // namespace ream
