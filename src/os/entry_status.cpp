#include "os/entry_status.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <vector>

namespace ream::os {

namespace {

char permission_letter(mode_t mode, mode_t bit, char letter) {
  return (mode & bit) != 0 ? letter : '-';
}

// Set-uid, set-gid and sticky share the place of an execute bit, which shows in the letter's case.
char execute_letter(mode_t mode, mode_t bit, mode_t special, char both, char only_special) {
  if ((mode & special) == 0) return permission_letter(mode, bit, 'x');
  return (mode & bit) != 0 ? both : only_special;
}

char type_letter(FileType type) {
  switch (type) {
    case FileType::regular:
      return '-';
    case FileType::directory:
      return 'd';
    case FileType::symlink:
      return 'l';
    case FileType::fifo:
      return 'p';
    case FileType::socket:
      return 's';
    case FileType::character_device:
      return 'c';
    case FileType::block_device:
      return 'b';
    case FileType::unknown:
      break;
  }
  return '?';
}

// `look_up` is getpwuid_r or getgrgid_r, which say ERANGE until the buffer is large enough.
template <class Record, class Id, class LookUp>
std::string account_name(Id id, char* Record::*name, LookUp look_up) {
  std::vector<char> buffer(1024);
  Record record{};
  Record* found = nullptr;
  while (look_up(id, &record, buffer.data(), buffer.size(), &found) == ERANGE) {
    buffer.resize(buffer.size() * 2);
  }
  return found != nullptr ? found->*name : std::to_string(id);
}

}  // namespace

FileType file_type(mode_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileType::regular;
    case S_IFDIR:
      return FileType::directory;
    case S_IFLNK:
      return FileType::symlink;
    case S_IFIFO:
      return FileType::fifo;
    case S_IFSOCK:
      return FileType::socket;
    case S_IFCHR:
      return FileType::character_device;
    case S_IFBLK:
      return FileType::block_device;
    default:
      return FileType::unknown;
  }
}

std::optional<EntryStatus> entry_status(Name name) noexcept {
  struct stat found {};
  if (::fstatat(name.directory, name.name, &found, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
    return std::nullopt;
  }
  const FileTime mtime{found.st_mtim.tv_sec, static_cast<std::uint32_t>(found.st_mtim.tv_nsec)};
  return EntryStatus{found.st_mode,
                     found.st_uid,
                     found.st_gid,
                     static_cast<std::uint64_t>(found.st_size),
                     mtime,
                     major(found.st_rdev),
                     minor(found.st_rdev)};
}

std::string permissions_text(mode_t mode) {
  return {type_letter(file_type(mode)),
          permission_letter(mode, S_IRUSR, 'r'),
          permission_letter(mode, S_IWUSR, 'w'),
          execute_letter(mode, S_IXUSR, S_ISUID, 's', 'S'),
          permission_letter(mode, S_IRGRP, 'r'),
          permission_letter(mode, S_IWGRP, 'w'),
          execute_letter(mode, S_IXGRP, S_ISGID, 's', 'S'),
          permission_letter(mode, S_IROTH, 'r'),
          permission_letter(mode, S_IWOTH, 'w'),
          execute_letter(mode, S_IXOTH, S_ISVTX, 't', 'T')};
}

std::string user_name(uid_t user) {
  return account_name(user, &passwd::pw_name, ::getpwuid_r);
}

std::string group_name(gid_t group) {
  return account_name(group, &group::gr_name, ::getgrgid_r);
}

}  // namespace ream::os
