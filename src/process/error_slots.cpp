#include "process/error_slots.hpp"

#include <algorithm>
#include <cstring>

namespace ream::detail {

namespace {

constexpr std::size_t slots_at_once = 64;

}  // namespace

void ErrorSlot::write(int writer, std::string_view text) noexcept {
  writer_ = writer;
  const auto length = std::min(text.size(), text_.size());
  std::memcpy(text_.data(), text.data(), length);
  filled_.store(static_cast<std::uint32_t>(length) + 1, std::memory_order_release);
}

std::optional<std::string> ErrorSlot::take(int writer) {
  // No exchange where nothing was written: that would touch the page.
  const std::size_t filled = filled_.load(std::memory_order_acquire);
  if (filled == 0) return std::nullopt;
  filled_.store(0, std::memory_order_relaxed);
  if (writer_ != writer) return std::nullopt;
  return std::string(text_.data(), std::min(filled - 1, text_.size()));
}

ErrorSlot* ErrorSlots::acquire() {
  if (free_.empty()) {
    free_.reserve((memory_.size() + 1) * slots_at_once);
    auto& added = memory_.emplace_back(slots_at_once * sizeof(ErrorSlot));
    for (std::size_t i = slots_at_once; i-- > 0;) {
      free_.push_back(reinterpret_cast<ErrorSlot*>(added.data()) + i);
    }
  }
  auto* slot = free_.back();
  free_.pop_back();
  return slot;
}

void ErrorSlots::release(ErrorSlot* slot) noexcept {
  free_.push_back(slot);  // there is room for all of them
}

}  // namespace ream::detail
