// Directories that were made on the way, for the case that nothing comes of it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <vector>

namespace ream::sink {

class MadeDirectories {
 public:
  MadeDirectories() = default;
  ~MadeDirectories();  // removes those that it made and that are empty, unless keep() was called
  MadeDirectories(const MadeDirectories&) = delete;
  MadeDirectories& operator=(const MadeDirectories&) = delete;

  // Makes `directory` and its parents where they are missing, as mkdir -p does. Throws Error.
  void make(const boost::filesystem::path& directory);
  void keep() noexcept { made_.clear(); }

 private:
  std::vector<boost::filesystem::path> made_;  // parents before children
};

}  // namespace ream::sink
