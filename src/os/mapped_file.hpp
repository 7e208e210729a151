// A file seen as memory, safe against being truncated meanwhile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "os/fd.hpp"

namespace ream::os {

// Read-only. At least `padding` zero bytes can be read behind the end, which parsers that read
// whole vectors need.
//
// A page that the file no longer has when it is touched (SIGBUS) reads as zeros, and
// was_truncated() is true from then on, in the process that touched it and in its children. For
// that a SIGBUS handler is in place while any mapping lives; faults elsewhere go to the handler
// before it.
class MappedFile {
 public:
  static constexpr std::size_t padding = 64;

  // Throws Error (map).
  MappedFile(const Fd& fd, std::size_t size, std::string name);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const noexcept { return {data_, size_}; }
  const std::string& name() const noexcept { return name_; }
  bool was_truncated() const noexcept;

 private:
  std::string name_;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t reserved_ = 0;
  std::size_t slot_ = 0;
};

}  // namespace ream::os
