// The target directory as a batch finds it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <string>

#include "os/fd.hpp"
#include "os/file.hpp"

namespace ream::sink {

struct Target {
  enum class Found { nothing, empty_directory, populated_directory, something_else };

  // Looks at `directory`, which is changed by nothing here. Throws Error.
  explicit Target(const boost::filesystem::path& directory);

  boost::filesystem::path path;    // without slashes at the end
  boost::filesystem::path parent;  // "." where the path has none
  std::string name;                // its last component; empty for "." and the like
  Found found = Found::nothing;
  bool by_link = false;
  os::Fd directory;         // where it is one; its path may lead elsewhere later
  os::Status status{};      // of that
  os::Fd parent_directory;  // where that is there
};

// Without links, "." and "..". Throws Error.
boost::filesystem::path real_path(const boost::filesystem::path& path);

// Whether what tells of a run into `target` stands beside it. Else it stands in it.
bool is_marked_beside(const Target& target) noexcept;

// Whether a batch into `target` is published as a whole: what Atomic::automatic becomes.
bool can_be_staged(const Target& target) noexcept;

}  // namespace ream::sink
