// One file: made, written, read, removed. Every path here is a single call's argument; what may be
// named beneath a root is the business of beneath.hpp.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "os/errors.hpp"
#include "os/fd.hpp"
#include "ream/file_job.hpp"

namespace ream::os {

// An entry of the directory `directory` by its NUL-terminated name: what the *at system calls take.
struct Name {
  int directory;
  const char* name;
};

// `path` from the working directory, or from the root.
Name from_here(const char* path) noexcept;

// O_EXCL: fails where anything has that name, a dangling link included. Empty: the call failed,
// errno says why (this is the hot path, and its caller knows the whole path).
Fd create_exclusive(Name name, mode_t mode) noexcept;

// Writes all of `bytes`; the one loop for short writes. False: errno says why.
bool write_all(int fd, std::string_view bytes) noexcept;

// Up to `size` bytes, fewer only at the end of the file; -1 with errno.
ssize_t read_full(int fd, char* buffer, std::size_t size) noexcept;

// Copies `size` bytes, within the kernel where the filesystems can. Returns how many were copied:
// fewer where `from` ended before. -1 with errno; `*reading` then says which side failed.
std::int64_t copy_bytes(int from, int to, std::uint64_t size, bool* reading) noexcept;

bool close_checked(Fd& fd) noexcept;
bool set_mode(int fd, mode_t mode) noexcept;
bool set_mtime(int fd, FileTime time) noexcept;
bool set_mtime(Name name, FileTime time) noexcept;  // of a link itself, not of its target
// As touch(1): its time is now; made, empty, where it is absent. What is no regular file is EINVAL.
bool touch(const char* path) noexcept;
bool may_write_file(const char* path) noexcept;  // the calling process, with its effective user
bool remove_file(Name name) noexcept;
bool make_link(const char* target, Name name) noexcept;

// An exclusive lock (flock) for as long as a process has this descriptor. False: errno says why,
// EWOULDBLOCK where another has it.
bool try_lock(int fd) noexcept;

// A regular file for reading; opened so that a FIFO cannot hang the caller and a terminal cannot
// become the controlling one. Throws Error: not a regular file, or the errno of open.
struct OpenedFile {
  Fd fd;
  std::uint64_t size;
};
OpenedFile open_regular(const char* path);

// As above for an entry by its name, a link in its place refused. Empty: errno says why.
Fd open_for_reading(Name name) noexcept;

// Which file it is, whatever its names are.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// The same for a lock: on NFS, one that excludes others takes a descriptor that may write.
Fd open_for_locking(Name name) noexcept;

// What an entry is, links not followed; empty where it cannot be told (errno says why).
struct Status {
  mode_t mode;  // with the type bits
  std::uint64_t size;
  FileTime mtime;
  std::optional<FileTime> born;  // absent where the filesystem does not record it
  uid_t owner;
  std::uint32_t names;  // hard links
  FileIdentity identity;
  bool mount_point;
};
std::optional<Status> status(Name name) noexcept;
std::optional<Status> status(int fd) noexcept;
std::optional<Status> status_behind_links(Name name) noexcept;  // of what they lead to
bool is_regular(const Status& status) noexcept;
bool is_link(const Status& status) noexcept;
bool is_directory(const Status& status) noexcept;
mode_t permissions(const Status& status) noexcept;

// What a symbolic link says. Empty: errno says why.
std::optional<std::string> read_link(Name name);

// An unlinked file in the directory for temporary files ($TMPDIR, /tmp).
Fd unlinked_temporary();

}  // namespace ream::os
