// A directory that stays the same one, whatever comes to its name.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/path.hpp>
#include <string>

namespace ream::test {

class OpenDirectory {
 public:
  explicit OpenDirectory(const boost::filesystem::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  ~OpenDirectory() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenDirectory(const OpenDirectory&) = delete;
  OpenDirectory& operator=(const OpenDirectory&) = delete;

  bool is_open() const noexcept { return fd_ >= 0; }

  // With a path that leads through the descriptor. Temporary files of a run are left out.
  template <class Action>
  void for_each_file(Action action) const {
    using Iterator = boost::filesystem::directory_iterator;
    boost::system::error_code gone;
    Iterator entry("/proc/self/fd/" + std::to_string(fd_), gone);
    for (; !gone && entry != Iterator(); entry.increment(gone)) {
      if (!entry->path().filename().native().starts_with(".ream-")) action(entry->path());
    }
  }

  // What was read of one that lost its name meanwhile may be what is being removed.
  bool has_its_name() const {
    struct stat opened {};
    struct stat named {};
    return ::fstat(fd_, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  }

 private:
  boost::filesystem::path path_;
  int fd_;
};

}  // namespace ream::test
