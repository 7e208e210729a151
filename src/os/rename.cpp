#include "os/rename.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace ream::os {

namespace {

bool rename_by(unsigned flags, Name from, Name to) noexcept {
  return retry_on_eintr([&] {
           return ::renameat2(from.directory, from.name, to.directory, to.name, flags);
         }) == 0;
}

bool link_by(int flags, Name from, Name to) noexcept {
  return retry_on_eintr([&] {
           return ::linkat(from.directory, from.name, to.directory, to.name, flags);
         }) == 0;
}

bool rename_new_without_flag(Name from, Name to) noexcept {
  const auto found = status(from);
  if (!found) return false;
  if (is_directory(*found)) return rename_over(from, to);
  return link_by(0, from, to) && remove_file(from);
}

}  // namespace

bool rename_new(Name from, Name to) noexcept {
  if (rename_by(RENAME_NOREPLACE, from, to)) return true;
  const bool unknown = errno == EINVAL || errno == ENOSYS;
  return unknown && rename_new_without_flag(from, to);
}

bool rename_over(Name from, Name to) noexcept {
  return rename_by(0, from, to);
}

bool exchange(Name one, Name other) noexcept {
  return rename_by(RENAME_EXCHANGE, one, other);
}

Fd create_unnamed(int directory, mode_t mode) noexcept {
  constexpr int flags = O_WRONLY | O_TMPFILE | O_CLOEXEC;
  return Fd(retry_on_eintr([&] { return ::openat(directory, ".", flags, mode); }));
}

// XFS keeps files without a name on a few lists on disk, where two workers meet.
UnnamedFiles unnamed_files(int directory) noexcept {
  const auto unnamed = create_unnamed(directory, 0600);
  const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
  if (!unnamed && unknown) return UnnamedFiles::none;
  // The name is in use already, so that nothing is made: what matters is what else may be wrong.
  if (unnamed && !give_name(unnamed, {directory, "."}) && errno != EEXIST) {
    return UnnamedFiles::none;
  }
  struct statfs found {};
  const bool xfs = ::fstatfs(directory, &found) == 0 && found.f_type == XFS_SUPER_MAGIC;
  return xfs ? UnnamedFiles::slow : UnnamedFiles::fast;
}

// By its entry in /proc where the shorter way needs a capability that this process lacks.
bool give_name(const Fd& unnamed, Name name) noexcept {
  static std::atomic<bool> may_be_named_directly{true};
  if (may_be_named_directly) {
    if (link_by(AT_EMPTY_PATH, {unnamed.get(), ""}, name)) return true;
    if (errno != ENOENT) return false;
    may_be_named_directly = false;
  }
  std::array<char, 32> path{};
  ::snprintf(path.data(), path.size(), "/proc/self/fd/%d", unnamed.get());
  return link_by(AT_SYMLINK_FOLLOW, {AT_FDCWD, path.data()}, name);
}

}  // namespace ream::os
