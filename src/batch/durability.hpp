// How what a batch writes comes to the disk. Decided before the first file is written.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>

#include "os/fd.hpp"
#include "ream/guarantees.hpp"
#include "sink/new_file.hpp"
#include "sink/stage.hpp"

namespace ream {

class Durability {
 public:
  // For a batch of so many `files` into `directory`, which it names in what it throws: Error where
  // a descriptor that is needed at the end cannot be had.
  Durability(Sync sync, std::uint64_t files, const sink::Stage& stage,
             const boost::filesystem::path& directory);

  bool is_wanted() const noexcept { return wanted_; }

  // What workers do with each file.
  sink::WriteBack of_files() const noexcept;

  // Whether one call brings all that was written to the disk. Else files are there when workers are
  // done with them, and the names in directories are left to be synced one by one.
  bool is_by_filesystem() const noexcept { return static_cast<bool>(filesystem_); }

  // That call. Throws Error that names the directory.
  void sync_filesystem() const;

 private:
  bool wanted_;
  boost::filesystem::path directory_;
  os::Fd filesystem_;
};

}  // namespace ream
