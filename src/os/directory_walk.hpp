// One directory: the names in it. Trees are the listing's business.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/entry_status.hpp"

namespace ream::os {

// The entries of one directory without "." and "..", in the filesystem's order. All names stand in
// one block of memory: a million entries cost no million allocations.
class DirectoryContent {
 public:
  struct Entry {
    std::uint32_t offset;
    std::uint16_t length;
    FileType type;
  };

  const std::vector<Entry>& entries() const noexcept { return entries_; }

  // Followed by a NUL, so that its data() can be handed to a system call.
  std::string_view name(const Entry& entry) const noexcept {
    return {names_.data() + entry.offset, entry.length};
  }

  void clear() noexcept;
  bool add(std::string_view name, FileType type);  // false: more names than an offset can reach

 private:
  std::vector<char> names_;
  std::vector<Entry> entries_;
};

// Reads directories one after the other through one buffer.
class DirectoryReader {
 public:
  DirectoryReader();

  // Replaces `content` by that of `directory`, which must be readable and at its beginning. An
  // entry whose type the directory does not record is asked for it, and left out where it has
  // vanished. False: errno says why.
  bool read(int directory, DirectoryContent& content);

 private:
  std::unique_ptr<char[]> buffer_;
};

// Tells whether a directory that was closed and opened again is the same one.
std::optional<FileIdentity> directory_identity(int directory) noexcept;

}  // namespace ream::os
