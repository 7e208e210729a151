#include "pool/ledger.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>

#include "ream/error.hpp"

namespace ream::detail {

namespace {

constexpr std::uint64_t longest_range = 256;
// A worker's ranges are so small a part of what is left that the last ones are single jobs.
constexpr std::uint64_t ranges_per_worker = 8;

std::size_t round_up(std::size_t size, std::size_t multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

std::size_t memory_size(std::size_t before_slots, std::uint64_t count, std::size_t slot_size) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max();
  if (count > (most - before_slots) / slot_size) {
    throw Error(Operation::map, "memory shared with the workers", ENOMEM);
  }
  return before_slots + count * slot_size;
}

}  // namespace

struct Ledger::Header {
  alignas(64) std::atomic<std::uint64_t> next{0};
  alignas(64) std::atomic<bool> stop{false};
};

void Lane::note_text(std::uint64_t index, std::string_view what) noexcept {
  if (text_of.load(std::memory_order_relaxed) != 0) return;
  const std::size_t length = std::min(what.size(), text.size() - 1);
  std::memcpy(text.data(), what.data(), length);
  text[length] = '\0';
  text_of.store(index + 1, std::memory_order_release);
}

Ledger::Ledger(std::uint64_t count, ResultLayout layout, unsigned lanes)
    : count_(count),
      lanes_(lanes),
      state_offset_(layout.size),
      slot_size_(round_up(layout.size + 1, layout.alignment)),
      slots_offset_(round_up(sizeof(Header) + lanes * sizeof(Lane), 64)),
      memory_(memory_size(slots_offset_, count, slot_size_)),
      header_(new (memory_.data()) Header) {
  for (unsigned number = 0; number < lanes_; ++number) new (&lane(number)) Lane;
}

Lane& Ledger::lane(unsigned number) const noexcept {
  return reinterpret_cast<Lane*>(memory_.data() + sizeof(Header))[number];
}

std::byte* Ledger::slot(std::uint64_t index) const noexcept {
  return memory_.data() + slots_offset_ + index * slot_size_;
}

std::atomic_ref<std::uint8_t> Ledger::state_byte(std::uint64_t index) const noexcept {
  return std::atomic_ref(*reinterpret_cast<std::uint8_t*>(slot(index) + state_offset_));
}

JobState Ledger::state(std::uint64_t index) const noexcept {
  return JobState{state_byte(index).load(std::memory_order_acquire)};
}

void Ledger::set_state(std::uint64_t index, JobState state) noexcept {
  state_byte(index).store(static_cast<std::uint8_t>(state), std::memory_order_release);
}

Ledger::Range Ledger::claim(std::uint64_t total) noexcept {
  std::uint64_t begin = header_->next.load(std::memory_order_relaxed);
  std::uint64_t end = 0;
  do {
    if (begin >= total) return {};
    const std::uint64_t share = (total - begin) / (lanes_ * ranges_per_worker);
    end = begin + std::clamp<std::uint64_t>(share, 1, longest_range);
  } while (!header_->next.compare_exchange_weak(begin, end, std::memory_order_relaxed));
  return {begin, end};
}

bool Ledger::all_claimed(std::uint64_t total) const noexcept {
  return header_->next.load(std::memory_order_relaxed) >= total;
}

void Ledger::start_round() noexcept {
  header_->next.store(0, std::memory_order_relaxed);
}

void Ledger::stop() noexcept {
  header_->stop.store(true, std::memory_order_relaxed);
}

bool Ledger::stopped() const noexcept {
  return header_->stop.load(std::memory_order_relaxed);
}

}  // namespace ream::detail
