#include "plan/hash_filter.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

namespace ream::plan {

namespace {

constexpr std::uint64_t bits_per_hash = 64;
constexpr std::uint64_t fewest_bits = std::uint64_t{1} << 15;
constexpr std::uint64_t most_bits = std::uint64_t{1} << 27;  // 16 MiB
constexpr int probes = 6;

std::uint64_t bits_for(std::uint64_t expected) {
  const auto enough = std::min(expected, most_bits / bits_per_hash) * bits_per_hash;
  return std::bit_ceil(std::clamp(enough, fewest_bits, most_bits));
}

// Two halves of one hash make as many probes as are wanted (Kirsch and Mitzenmacher, "Less hashing,
// same performance", 2006).
std::uint64_t probe(std::uint64_t hash, int number) {
  const std::uint64_t step = (hash >> 32) | 1;
  return hash + static_cast<std::uint64_t>(number) * step;
}

}  // namespace

HashFilter::HashFilter(std::uint64_t expected)
    : bit_mask_(bits_for(expected) - 1), memory_((bit_mask_ + 1) / 8) {}

void HashFilter::add(std::uint64_t hash) noexcept {
  auto* words = reinterpret_cast<std::uint64_t*>(memory_.data());
  for (int i = 0; i < probes; ++i) {
    const auto bit = probe(hash, i) & bit_mask_;
    std::atomic_ref(words[bit / 64])
        .fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
  }
}

bool HashFilter::may_contain(std::uint64_t hash) const noexcept {
  const auto* words = reinterpret_cast<const std::uint64_t*>(memory_.data());
  for (int i = 0; i < probes; ++i) {
    const auto bit = probe(hash, i) & bit_mask_;
    if ((words[bit / 64] >> (bit % 64) & 1) == 0) return false;
  }
  return true;
}

}  // namespace ream::plan
