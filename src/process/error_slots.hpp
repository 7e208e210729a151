// Where children leave what escaped from their run(): memory that they share with their parent, a
// page for each child that runs. A page that nobody writes to costs nothing, neither memory nor a
// descriptor nor a system call. (A pipe for each child made a start 8 % slower, and took one more
// of the descriptors of which a process has 1,024 by default.)
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/shared_memory.hpp"

namespace ream::detail {

class ErrorSlot {
 public:
  // In the child `writer`, once. Cut at the end of the page.
  void write(int writer, std::string_view text) noexcept;

  // In the parent, once the child has ended; whatever the child did to the page. Empty: `writer`
  // has written nothing. What it forked itself has the same page, and is not who is asked about.
  std::optional<std::string> take(int writer);

 private:
  std::atomic<std::uint32_t> filled_;  // the length + 1; 0: none
  int writer_;
  std::array<char, 4088> text_;
};
static_assert(sizeof(ErrorSlot) == 4096);

class ErrorSlots {
 public:
  // Throws Error (map).
  ErrorSlot* acquire();
  void release(ErrorSlot* slot) noexcept;

 private:
  std::vector<os::SharedMemory> memory_;
  std::vector<ErrorSlot*> free_;
};

}  // namespace ream::detail
