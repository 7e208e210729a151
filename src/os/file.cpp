#include "os/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace ream::os {

namespace {

// Where copy_file_range does not work between two filesystems, bytes go through this much memory.
constexpr std::size_t copy_buffer_size = std::size_t{256} << 10;

timespec to_timespec(FileTime time) {
  return {static_cast<time_t>(time.seconds), static_cast<long>(time.nanoseconds)};
}

FileTime to_file_time(const statx_timestamp& time) {
  return {time.tv_sec, time.tv_nsec};
}

std::optional<Status> statx_status(int directory, const char* name, int flags) noexcept {
  struct statx found {};
  constexpr unsigned wanted = STATX_BASIC_STATS | STATX_BTIME;
  if (::statx(directory, name, flags, wanted, &found) != 0) return std::nullopt;
  Status status{};
  status.mode = found.stx_mode;
  status.size = found.stx_size;
  status.mtime = to_file_time(found.stx_mtime);
  status.owner = found.stx_uid;
  status.names = found.stx_nlink;
  status.identity = {makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino};
  status.mount_point = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  if ((found.stx_mask & STATX_BTIME) != 0) status.born = to_file_time(found.stx_btime);
  return status;
}

// So that a FIFO cannot hang the caller and a terminal cannot become the controlling one.
Fd open_there(Name name, int access) noexcept {
  const int flags = access | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;
  return Fd(retry_on_eintr([&] { return ::openat(name.directory, name.name, flags); }));
}

bool not_between_these_files(int error_number) {
  return error_number == EXDEV || error_number == EINVAL || error_number == ENOSYS ||
         error_number == EOPNOTSUPP || error_number == EBADF;
}

std::int64_t copy_through_memory(int from, int to, std::uint64_t size, bool* reading) noexcept {
  const std::unique_ptr<char[]> buffer(new (std::nothrow) char[copy_buffer_size]);
  if (!buffer) {
    errno = ENOMEM;
    return -1;
  }
  std::uint64_t copied = 0;
  while (copied < size) {
    const auto wanted = std::min<std::uint64_t>(copy_buffer_size, size - copied);
    *reading = true;
    const ssize_t got = read_full(from, buffer.get(), wanted);
    if (got < 0) return -1;
    *reading = false;
    if (!write_all(to, {buffer.get(), static_cast<std::size_t>(got)})) return -1;
    copied += static_cast<std::uint64_t>(got);
    if (static_cast<std::uint64_t>(got) < wanted) break;
  }
  return static_cast<std::int64_t>(copied);
}

}  // namespace

Name from_here(const char* path) noexcept {
  return {AT_FDCWD, path};
}

Fd create_exclusive(Name name, mode_t mode) noexcept {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  return Fd(retry_on_eintr([&] { return ::openat(name.directory, name.name, flags, mode); }));
}

bool write_all(int fd, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = retry_on_eintr([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

ssize_t read_full(int fd, char* buffer, std::size_t size) noexcept {
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = retry_on_eintr([&] { return ::read(fd, buffer + filled, size - filled); });
    if (got < 0) return -1;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(filled);
}

std::int64_t copy_bytes(int from, int to, std::uint64_t size, bool* reading) noexcept {
  std::uint64_t copied = 0;
  *reading = false;
  while (copied < size) {
    const ssize_t got = retry_on_eintr(
        [&] { return ::copy_file_range(from, nullptr, to, nullptr, size - copied, 0); });
    if (got < 0 && copied == 0 && not_between_these_files(errno)) {
      return copy_through_memory(from, to, size, reading);
    }
    if (got < 0) return -1;
    if (got == 0) break;
    copied += static_cast<std::uint64_t>(got);
  }
  // Some filesystems say 0 to copy_file_range although there is something to read.
  if (copied == 0 && size > 0) return copy_through_memory(from, to, size, reading);
  return static_cast<std::int64_t>(copied);
}

bool close_checked(Fd& fd) noexcept {
  // Linux frees the number even where close() says EINTR: calling again could close another's.
  return ::close(fd.release()) == 0 || errno == EINTR;
}

bool set_mode(int fd, mode_t mode) noexcept {
  return retry_on_eintr([&] { return ::fchmod(fd, mode); }) == 0;
}

bool set_mtime(int fd, FileTime time) noexcept {
  const timespec times[2] = {{0, UTIME_OMIT}, to_timespec(time)};
  return retry_on_eintr([&] { return ::futimens(fd, times); }) == 0;
}

bool set_mtime(Name name, FileTime time) noexcept {
  const timespec times[2] = {{0, UTIME_OMIT}, to_timespec(time)};
  return retry_on_eintr([&] {
           return ::utimensat(name.directory, name.name, times, AT_SYMLINK_NOFOLLOW);
         }) == 0;
}

bool touch(const char* path) noexcept {
  constexpr int flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const Fd file(retry_on_eintr([&] { return ::open(path, flags, 0666); }));
  const auto opened = file ? status(file.get()) : std::nullopt;
  if (!opened) return false;
  errno = EINVAL;
  return is_regular(*opened) && ::futimens(file.get(), nullptr) == 0;
}

bool may_write_file(const char* path) noexcept {
  return ::faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

bool remove_file(Name name) noexcept {
  return retry_on_eintr([&] { return ::unlinkat(name.directory, name.name, 0); }) == 0;
}

bool make_link(const char* target, Name name) noexcept {
  return retry_on_eintr([&] { return ::symlinkat(target, name.directory, name.name); }) == 0;
}

bool try_lock(int fd) noexcept {
  return retry_on_eintr([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0;
}

OpenedFile open_regular(const char* path) {
  Fd fd(retry_on_eintr([&] { return ::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); }));
  if (!fd) throw_errno(Operation::open, path);
  const auto found = status(fd.get());
  if (!found) throw_errno(Operation::inspect, path);
  if (S_ISDIR(found->mode)) throw Error(Operation::read, path, EISDIR);
  if (!S_ISREG(found->mode)) throw Error(Operation::read, path, 0, Reason::not_a_regular_file);
  return {std::move(fd), found->size};
}

Fd open_for_reading(Name name) noexcept {
  return open_there(name, O_RDONLY);
}

Fd open_for_locking(Name name) noexcept {
  return open_there(name, O_RDWR);
}

std::optional<Status> status(Name name) noexcept {
  return statx_status(name.directory, name.name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
}

std::optional<Status> status_behind_links(Name name) noexcept {
  return statx_status(name.directory, name.name, AT_NO_AUTOMOUNT);
}

std::optional<Status> status(int fd) noexcept {
  return statx_status(fd, "", AT_EMPTY_PATH);
}

bool is_regular(const Status& status) noexcept {
  return S_ISREG(status.mode);
}
bool is_link(const Status& status) noexcept {
  return S_ISLNK(status.mode);
}

bool is_directory(const Status& status) noexcept {
  return S_ISDIR(status.mode);
}

mode_t permissions(const Status& status) noexcept {
  return status.mode & 07777U;
}

std::optional<std::string> read_link(Name name) {
  std::string target(PATH_MAX, '\0');  // Linux has no longer target
  const ssize_t length = ::readlinkat(name.directory, name.name, target.data(), target.size());
  if (length < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(length));
  return target;
}

Fd unlinked_temporary() {
  const char* directory = ::secure_getenv("TMPDIR");
  if (directory == nullptr || *directory == '\0') directory = "/tmp";
  Fd fd(::open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd) return fd;
  std::string name = std::string(directory) + "/ream-XXXXXX";
  fd.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) throw_errno(Operation::create, name);
  ::unlink(name.c_str());
  return fd;
}

}  // namespace ream::os
