// Memory that a process shares with the children that it forks.
#pragma once

#include <cstddef>

namespace ream::os {

// Anonymous, zeroed, page-aligned, not backed by memory until it is touched. Throws Error (map).
class SharedMemory {
 public:
  SharedMemory() = default;
  explicit SharedMemory(std::size_t size);
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ream::os
