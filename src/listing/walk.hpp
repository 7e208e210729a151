// The entries beneath a directory one by one, in the order of listing.hpp, without having them all
// in memory.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/directory_walk.hpp"
#include "os/fd.hpp"
#include "ream/listing.hpp"

namespace ream {

EntryType entry_type(os::FileType type) noexcept;

// Directories are opened one name at a time, beneath the descriptor of the one that holds them, and
// links are not followed: no rename meanwhile can lead the walk out of the tree. A bounded number
// of them is open at a time, however deep the tree is, and no path is too long.
class TreeWalk {
 public:
  // `root` itself may be a link to a directory. Throws Error where it cannot be read.
  explicit TreeWalk(const boost::filesystem::path& root);

  // Moves to the next entry; false behind the last. What vanished since its name was read is left
  // out. Throws Error for a directory that cannot be read; the call after that goes on behind it.
  bool next();

  // The entry that next() moved to.
  const std::string& path() const noexcept { return path_; }  // relative to the root
  std::string_view name() const noexcept;
  EntryType type() const noexcept { return entry_type(current().entry.type); }
  std::size_t depth() const noexcept { return depth_; }  // 0 for the entries of the root
  bool is_last_of_directory() const noexcept;
  os::Name location() const noexcept;  // valid until next()
  std::string full_path() const;       // for messages: beneath the root as it was given

  // Empty where it has vanished meanwhile, or was a directory and is none, or the other way round.
  // Throws Error.
  std::optional<os::EntryStatus> status() const;
  std::optional<std::string> link_target() const;

 private:
  // A key from the name that decides nearly every comparison without a look at the name.
  struct SortedEntry {
    std::uint64_t key;
    os::DirectoryContent::Entry entry;
  };

  // A directory on the way from the root to the current entry.
  struct Level {
    os::Fd directory;  // closed while too many levels lie beneath it
    os::FileIdentity identity;
    os::DirectoryContent content;
    std::vector<SortedEntry> order;
    std::size_t next = 0;
    std::size_t path_length = 0;
  };

  const SortedEntry& current() const noexcept;
  bool visit(Level& level);
  bool enter();
  bool push(os::Fd directory);
  void pop();
  void close_far_level();
  void reopen(Level& level, const os::Fd& child);
  static void sort(Level& level);

  boost::filesystem::path root_;
  os::DirectoryReader reader_;
  std::deque<Level> levels_;  // kept when left: the next directory of that depth uses its memory
  std::size_t used_levels_ = 0;
  std::size_t depth_ = 0;
  std::string path_;
};

}  // namespace ream
