// The directories of a batch, in the order in which they are finished: the deepest first.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ream {

// Of a directory that the plan names. In ascending order the deepest is the first.
struct DirectoryPlace {
  std::ptrdiff_t depth = 0;  // negative
  std::size_t hash = 0;      // of its path
  std::uint64_t index = 0;   // in the plan
  friend auto operator<=>(const DirectoryPlace&, const DirectoryPlace&) = default;
};

DirectoryPlace place_of_directory(std::string_view path, std::uint64_t index);

// Whether two of `sorted` places may be one directory.
bool has_twins(const std::vector<DirectoryPlace>& sorted);

// All directories in which something may have changed, up to the root, whose path is empty.
class TouchedDirectories {
 public:
  void add(std::string_view directory);
  void add_parent_of(std::string_view entry);

  std::vector<std::string> deepest_first() const;

 private:
  std::set<std::string, std::less<>> paths_ = {""};
  std::string last_;  // most entries have the parent of the entry before
};

}  // namespace ream
