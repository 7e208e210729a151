// The memory that a driver and its workers share: a slot for each job, a lane for each worker.
//
// There is no lock in it, so a dead worker cannot leave one taken. A slot has one writer at a time,
// the process that does the job; a lane has one, its worker. The driver only reads what may change
// under it as atomics.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "os/shared_memory.hpp"
#include "ream/pool.hpp"

namespace ream::detail {

// 64 bytes are one cache line: lanes of two workers never share one.
struct alignas(64) Lane {
  std::atomic<std::uint64_t> in_hand{0};  // the index + 1 of the job that runs, 0 for none
  std::atomic<std::uint64_t> jobs{0};
  std::atomic<std::uint64_t> units{0};
  std::atomic<double> seconds{0};  // see WorkerRow
  std::atomic<double> until{0};
  std::atomic<std::uint64_t> text_of{0};  // the index + 1 of the job that `text` speaks of
  std::array<char, 256> text{};

  // Keeps the first text. Cut at 255 bytes.
  void note_text(std::uint64_t index, std::string_view what) noexcept;
};

class Ledger {
 public:
  Ledger(std::uint64_t count, ResultLayout layout, unsigned lanes);

  std::uint64_t count() const noexcept { return count_; }
  unsigned lanes() const noexcept { return lanes_; }

  JobState state(std::uint64_t index) const noexcept;
  void set_state(std::uint64_t index, JobState state) noexcept;
  void* result(std::uint64_t index) const noexcept { return slot(index); }
  Lane& lane(unsigned number) const noexcept;

  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  // The next positions below `total` that nobody has; empty when there are none. Long ranges at
  // first, so that claiming costs nothing; single jobs at the end, so that nobody waits for a slow
  // last range.
  Range claim(std::uint64_t total) noexcept;
  bool all_claimed(std::uint64_t total) const noexcept;
  void start_round() noexcept;  // claims begin at 0 again; no worker may run

  void stop() noexcept;
  bool stopped() const noexcept;

 private:
  struct Header;

  std::byte* slot(std::uint64_t index) const noexcept;
  std::atomic_ref<std::uint8_t> state_byte(std::uint64_t index) const noexcept;

  std::uint64_t count_;
  unsigned lanes_;
  std::size_t state_offset_;  // within a slot, behind the result
  std::size_t slot_size_;
  std::size_t slots_offset_;
  os::SharedMemory memory_;
  Header* header_;
};

}  // namespace ream::detail
