// How long files take, as a histogram: what `fio` and `wrk` show of a benchmark, and a mean hides.
//
//   ream::WriteOptions options;
//   options.latency = ream::Latency::calls;
//   const auto report = ream::write_batch(*plan, "out", options);
//   if (report.latency) std::cout << report.latency->file.quantile(0.99) << " ns\n";
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace ream {

// Durations in nanoseconds, counted in buckets that grow with them: as HdrHistogram does it (Gil
// Tene, http://hdrhistogram.org). Each power of two is cut into 64 equal buckets; a bucket is told
// by its middle, which no duration in it differs from by more than 1/128, 0.8 %. Durations below
// 128 ns are exact. From 2^42 ns on, 73 minutes, all are counted in the last bucket.
//
// A value of fixed size, 19 KB, that needs no constructor: bytes of zero are an empty histogram.
// So it can lie in memory that processes share, where each has one of its own to record in, and
// be merged when they have ended. Nothing in it is atomic: it has one writer at a time.
class LatencyHistogram {
 public:
  // A few instructions: no lock, no floating point, no memory.
  void record(std::uint64_t nanoseconds) noexcept {
    ++counts_[bucket_of(std::min(nanoseconds, longest))];
    max_ = std::max(max_, nanoseconds);
  }

  // Afterwards it is as if what `other` recorded had been recorded here too.
  void merge(const LatencyHistogram& other) noexcept;

  // How many durations were recorded.
  std::uint64_t count() const noexcept;

  // The duration in nanoseconds that so large a part of all, from 0 to 1, did not exceed: 0.5 is
  // the median, 1 is max(). At most 1 % off, and never above max(). 0 where there are none.
  std::uint64_t quantile(double part) const noexcept;

  // The longest, exactly; 0 where there are none.
  std::uint64_t max() const noexcept { return max_; }

  friend bool operator==(const LatencyHistogram&, const LatencyHistogram&) = default;

 private:
  static constexpr unsigned halving_bits = 6;  // 64 buckets for each power of two
  static constexpr unsigned longest_bits = 42;
  static constexpr std::uint64_t longest = (std::uint64_t{1} << longest_bits) - 1;
  static constexpr std::size_t buckets = std::size_t{longest_bits - halving_bits + 1}
                                         << halving_bits;

  // The leading 7 bits, behind how many bits follow them.
  static constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
    constexpr std::uint64_t shortest_cut = std::uint64_t{1} << halving_bits;
    const auto width = static_cast<unsigned>(std::bit_width(nanoseconds | shortest_cut));
    const unsigned shift = width - (halving_bits + 1);
    return (std::size_t{shift} << halving_bits) + static_cast<std::size_t>(nanoseconds >> shift);
  }
  static std::uint64_t middle_of(std::size_t bucket) noexcept;

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t max_ = 0;
};

static_assert(std::is_trivially_copyable_v<LatencyHistogram>, "it lies in shared memory");

// What is timed of each file, by CLOCK_MONOTONIC. A look at the clock costs about 22 ns.
enum class Latency {
  none,   // nothing: costs nothing
  files,  // each file as a whole: one look at the clock a file, at most 2 % of a small file
  calls   // and each step of it: five to eight looks, at most 5 %
};

// Files that were written, all workers together. Files that were skipped, unchanged or not written
// are not among them, nor links and directories; a step of such a file may be. A worker that dies
// leaves what it has recorded; the file in its hand is recorded by the one who writes it again.
struct LatencyReport {
  // From when its worker claimed it, or had done the entry before, until it was done: the plan's
  // part, the making of its process (Placement::process_per_job), its parents, and all of the
  // following but what comes after all files are written.
  LatencyHistogram file;

  // The rest only with Latency::calls; `file` is more than their sum.
  LatencyHistogram open;   // making it; what is replaced in place is removed here
  LatencyHistogram write;  // its content, where that comes from, its mode and time
  LatencyHistogram sync;   // bringing it to the disk, or beginning to; empty where that is not done
                           // file by file
  LatencyHistogram publish;  // giving it its name: empty where it is made under that. Where all
                             // files get theirs at the end (Sync::batch), that is counted here
  LatencyHistogram close;

  void merge(const LatencyReport& other) noexcept;
};

static_assert(std::is_trivially_copyable_v<LatencyReport>, "it lies in shared memory");

}  // namespace ream
