#include "os/sync.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string_view>

#include "os/beneath.hpp"
#include "os/errors.hpp"

namespace ream::os {

namespace {

using Stream = std::unique_ptr<FILE, int (*)(FILE*)>;

Stream open_stream(const char* path) noexcept {
  return Stream(::fopen(path, "re"), ::fclose);
}

bool is_beneath(std::string_view path, std::string_view directory) noexcept {
  if (directory == "/") return path.size() > 1;
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

}  // namespace

bool sync_file(int fd) noexcept {
  return retry_on_eintr([&] { return ::fsync(fd); }) == 0;
}

bool sync_directory(Name directory) noexcept {
  const auto opened = open_child_directory_for_reading(directory);
  return opened && sync_file(opened.get());
}

bool sync_filesystem(int fd) noexcept {
  return retry_on_eintr([&] { return ::syncfs(fd); }) == 0;
}

bool sync_filesystem_reaches_all(int fd) noexcept {
  struct statfs found {};
  return ::fstatfs(fd, &found) == 0 && found.f_type != FUSE_SUPER_MAGIC;
}

void start_write_back(int fd) noexcept {
  const int error_number = errno;
  ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  errno = error_number;
}

std::uint64_t unwritten_bytes() noexcept {
  const auto meminfo = open_stream("/proc/meminfo");
  if (!meminfo) return 0;
  std::uint64_t total = 0;
  std::array<char, 128> line{};
  while (::fgets(line.data(), line.size(), meminfo.get()) != nullptr) {
    unsigned long long kibibytes = 0;
    if (::sscanf(line.data(), "Dirty: %llu kB", &kibibytes) == 1 ||
        ::sscanf(line.data(), "Writeback: %llu kB", &kibibytes) == 1) {
      total += kibibytes << 10U;
    }
  }
  return total;
}

bool has_mounts_beneath(const char* directory) noexcept {
  const std::unique_ptr<FILE, int (*)(FILE*)> mounts(::setmntent("/proc/self/mounts", "re"),
                                                     ::endmntent);
  if (!mounts) return true;
  mntent entry{};
  std::array<char, 16384> text{};
  while (::getmntent_r(mounts.get(), &entry, text.data(), text.size()) != nullptr) {
    if (is_beneath(entry.mnt_dir, directory)) return true;
  }
  return false;
}

}  // namespace ream::os
