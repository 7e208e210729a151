// A directory that a subject writes to: in memory, so that the project's own cost is not drowned by
// a disk's.
#pragma once

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

// Made on tmpfs where there is one, else in the directory for temporary files; removed with all
// that is in it. What fails throws boost::filesystem::filesystem_error.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_(place() / boost::filesystem::unique_path("ream-part-%%%%-%%%%-%%%%")) {
    boost::filesystem::create_directory(path_);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }

  const boost::filesystem::path& path() const noexcept { return path_; }

  void empty() const {
    for (const auto& entry : boost::filesystem::directory_iterator(path_)) {
      boost::filesystem::remove_all(entry.path());
    }
  }

 private:
  static boost::filesystem::path place() {
    const boost::filesystem::path memory = "/dev/shm";
    return is_directory(memory) ? memory : boost::filesystem::temp_directory_path();
  }

  boost::filesystem::path path_;
};
