// The directories beneath the target directory: reached component by component, never through a
// symbolic link, made where they are missing.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "os/beneath.hpp"
#include "os/fd.hpp"

namespace ream::sink {

enum class MissingDirectories { make, are_an_error };

// One for each process. `root` stays open as long as the tree lives.
class Tree {
 public:
  explicit Tree(int root);

  // Where the entry `path` belongs: its parent's descriptor and its own name. Both are valid until
  // the next call. Throws Error for a path that is not allowed beneath a root (EINVAL; plans refuse
  // it earlier and say why), for a parent that cannot be opened or made, or leads through a link.
  os::Name place(std::string_view path, MissingDirectories missing = MissingDirectories::make);

  // Makes the directory `path` where it is missing.
  void make_directory(std::string_view path);

  // The directory `path`, the root where that is empty, opened so that its mode and times can be
  // set.
  os::Fd open_for_attributes(std::string_view path);

 private:
  int directory(std::string_view path, MissingDirectories missing);
  int descend(std::string_view path, MissingDirectories missing);
  os::Fd open_component(int parent, std::string_view path, std::string_view name,
                        MissingDirectories missing);
  int remember(std::string_view path, os::Fd fd);

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  int root_;
  std::size_t capacity_;
  std::string name_;
  std::string last_path_;  // most jobs have the parent of the job before
  int last_fd_ = -1;
  std::unordered_map<std::string, os::Fd, Hash, std::equal_to<>> open_;
  std::vector<std::string> oldest_first_;  // a ring of the keys in open_
  std::size_t oldest_ = 0;
};

}  // namespace ream::sink
