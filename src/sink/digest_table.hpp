// The digests of a batch's files, left by workers for the driver.
#pragma once

#include <cstddef>
#include <cstdint>

#include "os/shared_memory.hpp"
#include "ream/file_job.hpp"

namespace ream::sink {

class DigestTable {
 public:
  // For so many entries, each zeros at first. Throws Error (map).
  explicit DigestTable(std::uint64_t entries)
      : memory_(static_cast<std::size_t>(entries) * sizeof(Sha256)) {}

  Sha256& operator[](std::uint64_t index) noexcept {
    return reinterpret_cast<Sha256*>(memory_.data())[index];
  }

 private:
  os::SharedMemory memory_;
};

}  // namespace ream::sink
