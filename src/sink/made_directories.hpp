// Directories that were made on the way, for the case that nothing comes of it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <vector>

#include "os/fd.hpp"

namespace ream::sink {

class MadeDirectories {
 public:
  MadeDirectories() = default;
  ~MadeDirectories();  // removes those that it made and that are empty, unless keep() was called
  MadeDirectories(const MadeDirectories&) = delete;
  MadeDirectories& operator=(const MadeDirectories&) = delete;

  // Makes `directory` and its parents where they are missing, as mkdir -p does, and opens it
  // (O_PATH). Throws Error.
  os::Fd make(const boost::filesystem::path& directory);
  void keep() noexcept { kept_ = true; }

  // Brings the names of those that it made to the disk. Throws Error.
  void sync() const;

 private:
  struct Step {
    boost::filesystem::path path;  // as it was given
    std::string name;
    bool made;  // by this, not by somebody else meanwhile
  };

  os::Fd reach() const;
  void make_step(const boost::filesystem::path& path);

  os::Fd above_;             // what was there before
  std::vector<Step> steps_;  // down from it
  bool kept_ = false;
};

}  // namespace ream::sink
