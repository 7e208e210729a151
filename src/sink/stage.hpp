// The target directory of a batch: made ready before the first file, tidied where nothing came of
// it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <vector>

#include "os/fd.hpp"

namespace ream::sink {

class Stage {
 public:
  // Makes `directory` and its missing parents, and opens it. Throws Error.
  explicit Stage(const boost::filesystem::path& directory);

  // Removes the directories that it made and that are empty, unless publish() was called.
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  int root() const noexcept { return root_.get(); }
  void publish() noexcept { published_ = true; }

 private:
  void make_missing(const boost::filesystem::path& directory);
  void remove_made() noexcept;

  std::vector<boost::filesystem::path> made_;  // parents before children
  os::Fd root_;
  bool published_ = false;
};

}  // namespace ream::sink
