// Content drawn from a seed. The same bytes for the same seed, on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "random.hpp"

namespace ream::sink {

class RandomByteStream {
 public:
  explicit RandomByteStream(std::uint64_t seed) : numbers_(seed) {}
  // Every call but the last of a stream must ask for a multiple of 8.
  void fill(char* buffer, std::size_t size) noexcept;

 private:
  SplitMix64 numbers_;
};

class RandomTextStream {
 public:
  explicit RandomTextStream(std::uint64_t seed) : numbers_(seed) {}
  void fill(char* buffer, std::size_t size) noexcept;

 private:
  std::string_view next_word() noexcept;

  SplitMix64 numbers_;
  std::string_view pending_;  // of a word that did not fit
  std::size_t line_length_ = 0;
  bool separator_due_ = false;
};

}  // namespace ream::sink
