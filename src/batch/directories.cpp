#include "batch/directories.hpp"

#include <algorithm>

#include "os/beneath.hpp"

namespace ream {

namespace {

std::ptrdiff_t depth_of(std::string_view path) {
  return path.empty() ? 0 : 1 + std::count(path.begin(), path.end(), '/');
}

}  // namespace

DirectoryPlace place_of_directory(std::string_view path, std::uint64_t index) {
  return {-depth_of(path), std::hash<std::string_view>{}(path), index};
}

bool has_twins(const std::vector<DirectoryPlace>& sorted) {
  const auto twin = std::adjacent_find(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.depth == b.depth && a.hash == b.hash; });
  return twin != sorted.end();
}

void TouchedDirectories::add(std::string_view directory) {
  while (paths_.emplace(directory).second) {
    directory = os::parent_of(directory);
  }
}

void TouchedDirectories::add_parent_of(std::string_view entry) {
  const auto directory = os::parent_of(entry);
  if (directory == last_) return;
  add(directory);
  last_ = directory;
}

std::vector<std::string> TouchedDirectories::deepest_first() const {
  std::vector<std::string> paths(paths_.begin(), paths_.end());
  std::stable_sort(paths.begin(), paths.end(),
                   [](const auto& a, const auto& b) { return depth_of(a) > depth_of(b); });
  return paths;
}

}  // namespace ream
