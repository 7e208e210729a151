// A Bloom filter in shared memory: several workers add, the driver asks when they have ended.
#pragma once

#include <cstdint>

#include "os/shared_memory.hpp"

namespace ream::plan {

class HashFilter {
 public:
  // About 64 bits for each of `expected` hashes, which makes one in a million a false alarm; at
  // most 16 MiB.
  explicit HashFilter(std::uint64_t expected);

  void add(std::uint64_t hash) noexcept;
  // False: surely not added. True: added, or a false alarm.
  bool may_contain(std::uint64_t hash) const noexcept;

 private:
  std::uint64_t bit_mask_;
  os::SharedMemory memory_;
};

}  // namespace ream::plan
