// Numbers drawn from a seed: the same for the same seed, on every machine and in every worker.
#pragma once

#include <cstdint>

namespace ream {

inline constexpr std::uint64_t splitmix_step = 0x9E3779B97F4A7C15U;

// The mix of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
// 2014).
constexpr std::uint64_t splitmix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

// One addition and one mix a number, and neighbouring seeds give unrelated streams.
class SplitMix64 {
 public:
  explicit constexpr SplitMix64(std::uint64_t seed) : state_(seed) {}
  constexpr std::uint64_t next() noexcept { return splitmix(state_ += splitmix_step); }

 private:
  std::uint64_t state_;
};

// Number `index` of the stream of `seed`, without those before it.
constexpr std::uint64_t random_at(std::uint64_t seed, std::uint64_t index) noexcept {
  return splitmix(seed + (index + 1) * splitmix_step);
}

// `low` to `high`, both included. The high half of a 128-bit product is even enough for sizes: its
// bias is below range / 2^64.
constexpr std::uint64_t scale_to(std::uint64_t low, std::uint64_t high,
                                 std::uint64_t random) noexcept {
  __extension__ using Wide = unsigned __int128;
  return low + static_cast<std::uint64_t>((static_cast<Wide>(high - low) + 1) * random >> 64);
}

}  // namespace ream
