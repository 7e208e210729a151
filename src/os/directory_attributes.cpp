#include "os/directory_attributes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "os/beneath.hpp"

namespace ream::os {

namespace {

// An O_PATH descriptor has no extended attributes; its entry in /proc leads to the file itself.
std::string path_of(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

bool take_owner_and_mode(int from, const char* to) {
  struct stat wanted {};
  if (::fstat(from, &wanted) != 0) return false;
  struct stat there {};
  if (::stat(to, &there) != 0) return false;
  const bool same = wanted.st_uid == there.st_uid && wanted.st_gid == there.st_gid;
  if (!same && ::chown(to, wanted.st_uid, wanted.st_gid) != 0) return false;
  return ::chmod(to, wanted.st_mode & 07777U) == 0;
}

bool is_for_the_system_only(int error_number) {
  return error_number == EPERM || error_number == EOPNOTSUPP || error_number == EINVAL;
}

bool take_attribute(const char* from, const char* to, const char* name, std::vector<char>& value) {
  const ssize_t size = ::getxattr(from, name, value.data(), value.size());
  if (size < 0) return errno == ENODATA || is_for_the_system_only(errno);
  if (::setxattr(to, name, value.data(), static_cast<std::size_t>(size), 0) == 0) return true;
  return is_for_the_system_only(errno);
}

bool take_attributes(const char* from, const char* to) {
  const ssize_t size = ::listxattr(from, nullptr, 0);
  if (size <= 0) return size == 0 || errno == EOPNOTSUPP;
  std::vector<char> names(static_cast<std::size_t>(size) + 1);
  const ssize_t length = ::listxattr(from, names.data(), names.size() - 1);
  if (length < 0) return false;
  std::vector<char> value(std::size_t{64} << 10);  // Linux has no longer ones
  for (const char* name = names.data(); name < names.data() + length;
       name += std::char_traits<char>::length(name) + 1) {
    if (!take_attribute(from, to, name, value)) return false;
  }
  return true;
}

}  // namespace

bool copy_directory_attributes(int from, int to) noexcept try {
  const auto target = path_of(to);
  return take_owner_and_mode(from, target.c_str()) &&
         take_attributes(path_of(from).c_str(), target.c_str());
} catch (const std::bad_alloc&) {
  errno = ENOMEM;
  return false;
}

bool is_empty_directory(int directory) noexcept {
  const auto readable = open_child_directory_for_reading({directory, "."});
  if (!readable) return false;
  std::array<char, 4096> buffer;
  int entries = 0;
  for (;;) {
    const ssize_t got =
        retry_on_eintr([&] { return ::getdents64(readable.get(), buffer.data(), buffer.size()); });
    if (got < 0) return false;
    if (got == 0) return entries <= 2;  // "." and ".."
    for (ssize_t at = 0; at < got; ++entries) {
      const void* entry = buffer.data() + at;
      at += static_cast<const dirent64*>(entry)->d_reclen;
    }
    if (entries > 2) return false;
  }
}

}  // namespace ream::os
