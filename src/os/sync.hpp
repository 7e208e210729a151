// What makes written bytes durable: on the disk, and there again after a power cut. False: errno
// says why.
#pragma once

#include <cstdint>

#include "os/file.hpp"

namespace ream::os {

// fsync(2): the content and the attributes of a file, or the names in a directory. Not for O_PATH.
bool sync_file(int fd) noexcept;

// The same for a directory by its name, no link.
bool sync_directory(Name directory) noexcept;

// syncfs(2): all of the filesystem that `fd` lies on, not for O_PATH. It also tells of what went
// wrong since `fd` was opened (Linux 5.8).
bool sync_filesystem(int fd) noexcept;

// Whether it reaches what is behind the filesystem: FUSE passes it on in few cases (Linux,
// fs/fuse/inode.c, fuse_sync_fs).
bool sync_filesystem_reaches_all(int fd) noexcept;

// Asks the system to begin with writing what the file has, without waiting for it. What goes wrong
// is told by the sync that follows.
void start_write_back(int fd) noexcept;

// Written by anybody on this machine, and not on a disk yet. 0 where that cannot be told.
std::uint64_t unwritten_bytes() noexcept;

// Whether another filesystem is mounted somewhere beneath `directory`, a path without links, "."
// and "..". True where that cannot be told.
bool has_mounts_beneath(const char* directory) noexcept;

}  // namespace ream::os
