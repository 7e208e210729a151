// Filesystems that a test has for itself, gone with the object. They need root.
#pragma once

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

namespace ream::test {

inline void run_or_throw(const std::string& program, const std::vector<std::string>& arguments) {
  const auto ended = run(program, arguments);
  if (ended.exit_code != 0) throw std::runtime_error(program + ": " + ended.err);
}

class Mounted {
 public:
  explicit Mounted(boost::filesystem::path place) : place_(std::move(place)) {}
  ~Mounted() { run("umount", {"--lazy", place_.string()}); }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  const boost::filesystem::path& path() const noexcept { return place_; }

 private:
  boost::filesystem::path place_;
};

// `size` as mount(8) takes it.
class MountedTmpfs : public Mounted {
 public:
  MountedTmpfs(const boost::filesystem::path& place, const std::string& size) : Mounted(place) {
    run_or_throw("mount", {"-t", "tmpfs", "-o", "size=" + size, "none", place.string()});
  }
};

// A fresh filesystem of `kind` in a file, at `directory`/`kind`. `options` are for mkfs(8).
class MountedImage : public Mounted {
 public:
  MountedImage(const TemporaryDirectory& directory, const std::string& kind,
               const std::string& size, std::vector<std::string> options = {})
      : Mounted(directory / kind) {
    const auto image = (directory / (kind + ".image")).string();
    run_or_throw("truncate", {"-s", size, image});
    options.insert(options.end(), {"-q", image});
    run_or_throw("mkfs." + kind, options);
    directory.make_directory(kind);
    run_or_throw("mount", {"-o", "loop", image, path().string()});
  }
};

inline bool can_mount(const std::string& kind) {
  if (::geteuid() != 0 || run("sh", {"-c", "command -v mkfs." + kind}).exit_code != 0) return false;
  try {
    const TemporaryDirectory directory;
    const MountedImage image(directory, kind, "320m");
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace ream::test
