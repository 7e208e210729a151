// One directory: the names in it, and what `ls -l` tells of each. Trees are the listing's business.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/file.hpp"
#include "ream/file_job.hpp"

namespace ream::os {

enum class FileType : std::uint8_t {
  regular,
  directory,
  symlink,
  fifo,
  socket,
  character_device,
  block_device,
  unknown,
};
FileType file_type(mode_t mode) noexcept;

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

// Links not followed; empty where it cannot be told (errno says why).
struct EntryStatus {
  mode_t mode;  // with the type bits
  uid_t user;
  gid_t group;
  std::uint64_t size;
  FileTime mtime;
  unsigned device_major;  // of the device that the entry is, 0 for others
  unsigned device_minor;
};
std::optional<EntryStatus> entry_status(Name name) noexcept;

// "drwxr-xr-x", as `ls -l` shows it.
std::string permissions_text(mode_t mode);

// The name of an account; its number where it has none.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

// Tells whether a directory that was closed and opened again is the same one.
struct DirectoryIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const DirectoryIdentity&, const DirectoryIdentity&) = default;
};
std::optional<DirectoryIdentity> directory_identity(int directory) noexcept;

}  // namespace ream::os
