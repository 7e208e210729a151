// What `ls -l` tells of an entry: its type, permissions, owner and time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace ream::os
