// Pictures of what has reached a disk while a program writes: a filesystem in a file, and copies of
// that file, each made in an instant since the file lies on a filesystem that shares blocks.
#pragma once

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/filesystem/path.hpp>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "support/fast_place.hpp"
#include "support/mounted_filesystem.hpp"
#include "support/temporary_directory.hpp"

namespace ream::test {

class OpenedFile {
 public:
  OpenedFile(const boost::filesystem::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)), path_(path.native()) {
    check(fd_ >= 0);
  }
  ~OpenedFile() { ::close(fd_); }
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;

  int fd() const noexcept { return fd_; }

  void check(bool done) const {
    if (!done) throw std::system_error(errno, std::generic_category(), path_);
  }

 private:
  int fd_;
  std::string path_;
};

// The file holds what the loop device has completed, in the cache or not, and so does its copy.
inline void share_blocks(const boost::filesystem::path& from, const boost::filesystem::path& to) {
  const OpenedFile source(from, O_RDONLY);
  const OpenedFile copy(to, O_WRONLY | O_CREAT | O_TRUNC);
  copy.check(::ioctl(copy.fd(), FICLONE, source.fd()) == 0);
}

inline void sync_filesystem_of(const boost::filesystem::path& directory) {
  const OpenedFile opened(directory, O_RDONLY | O_DIRECTORY);
  opened.check(::syncfs(opened.fd()) == 0);
}

// Somebody else's file on the disk is synced: that brings all names to it that the journal has.
inline void sync_a_neighbour(const boost::filesystem::path& root) {
  const OpenedFile file(root / "neighbour", O_WRONLY | O_CREAT | O_APPEND);
  file.check(::write(file.fd(), "x", 1) == 1 && ::fsync(file.fd()) == 0);
}

// Where the disks lie: in memory.
class PlaceOfDisks {
 public:
  PlaceOfDisks() : directory_(fast_place()), filesystem_(directory_, "xfs", "1g", sharing()) {}

  boost::filesystem::path operator/(const std::string& name) const {
    return filesystem_.path() / name;
  }

  // A file that holds an empty filesystem, made once.
  boost::filesystem::path empty_disk(const std::string& kind) const {
    const auto image = *this / ("empty." + kind);
    if (exists(image)) return image;
    run_or_throw("truncate", {"-s", "320m", image.native()});
    run_or_throw("mkfs." + kind, {"-q", image.native()});
    return image;
  }

 private:
  static std::vector<std::string> sharing() { return {"-m", "reflink=1"}; }

  TemporaryDirectory directory_;
  MountedImage filesystem_;
};

// A copy of `image`, mounted; what is on it goes with the object. XFS would refuse to mount two
// filesystems with one identity.
class Disk {
 public:
  Disk(const boost::filesystem::path& image, const std::string& kind,
       const boost::filesystem::path& copy)
      : copy_(image, copy), place_(copy.native() + ".mounted"), mounted_(place_.path) {
    const std::string options = kind == "xfs" ? "loop,nouuid" : "loop";
    run_or_throw("mount", {"-t", kind, "-o", options, copy.native(), place_.path.native()});
  }

  const boost::filesystem::path& image() const noexcept { return copy_.path; }
  const boost::filesystem::path& root() const noexcept { return mounted_.path(); }

 private:
  struct Copy {
    Copy(const boost::filesystem::path& image, const boost::filesystem::path& to) : path(to) {
      share_blocks(image, to);
    }
    ~Copy() { ::unlink(path.c_str()); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    boost::filesystem::path path;
  };
  struct Place {
    explicit Place(const boost::filesystem::path& at) : path(at) {
      boost::filesystem::create_directory(path);
    }
    ~Place() { ::rmdir(path.c_str()); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    boost::filesystem::path path;
  };

  Copy copy_;
  Place place_;
  Mounted mounted_;
};

}  // namespace ream::test
