// What a tree looks like, so that two looks at it show what has changed.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/path.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/run_program.hpp"

namespace ream::test {

struct Seen {
  struct stat status {};
  std::string content;  // of a regular file; where a link leads
};

// By the path beneath the top.
using Snapshot = std::map<std::string, Seen>;

// Reads a tree however deep it is: each directory is opened from the one before, where it is
// beneath that, and from the top else.
class TreeReader {
 public:
  // What `is_left_out` says of a path holds for what is beneath it too.
  TreeReader(const boost::filesystem::path& top,
             std::function<bool(const std::string&)> is_left_out)
      : is_left_out_(std::move(is_left_out)), top_(open_at(AT_FDCWD, top.native(), O_DIRECTORY)) {}
  ~TreeReader() { close_all(); }
  TreeReader(const TreeReader&) = delete;
  TreeReader& operator=(const TreeReader&) = delete;

  // Empty where the top is no directory.
  Snapshot read() {
    if (top_ >= 0) read_directory("");
    while (!unread_.empty()) {
      const auto path = unread_.back();
      unread_.pop_back();
      enter(path);
      read_directory(path + "/");
    }
    return std::move(found_);
  }

 private:
  static int open_at(int directory, const std::string& name, int flags) {
    return ::openat(directory, name.c_str(), flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  }

  void close_all() const {
    if (here_ >= 0) ::close(here_);
    if (top_ >= 0) ::close(top_);
  }

  void enter(const std::string& path) {
    const bool beneath = here_ >= 0 && path.starts_with(path_here_ + "/");
    const int opened = beneath ? open_at(here_, path.substr(path_here_.size() + 1), O_DIRECTORY)
                               : open_at(top_, path, O_DIRECTORY);
    if (here_ >= 0) ::close(here_);
    here_ = opened;
    path_here_ = path;
  }

  void read_directory(const std::string& prefix) {
    const int directory = here_ >= 0 ? here_ : top_;
    for (const auto& name : names_in(directory)) {
      const auto path = prefix + name;
      if (is_left_out_(path)) continue;
      auto seen = look_at(directory, name);
      if (S_ISDIR(seen.status.st_mode)) unread_.push_back(path);
      found_[path] = std::move(seen);
    }
  }

  static std::vector<std::string> names_in(int directory) {
    std::vector<std::string> names;
    DIR* stream = ::fdopendir(open_at(directory, ".", O_DIRECTORY));
    while (const dirent* entry = stream == nullptr ? nullptr : ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    if (stream != nullptr) ::closedir(stream);
    return names;
  }

  static Seen look_at(int directory, const std::string& name) {
    Seen seen;
    ::fstatat(directory, name.c_str(), &seen.status, AT_SYMLINK_NOFOLLOW);
    if (S_ISREG(seen.status.st_mode)) {
      const int file = open_at(directory, name, 0);
      seen.content = everything_in(file);
      ::close(file);
    }
    if (S_ISLNK(seen.status.st_mode)) {
      std::array<char, 4096> target{};
      const auto size = ::readlinkat(directory, name.c_str(), target.data(), target.size());
      seen.content.assign(target.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    return seen;
  }

  std::function<bool(const std::string&)> is_left_out_;
  int top_;
  int here_ = -1;
  std::string path_here_;
  std::vector<std::string> unread_;
  Snapshot found_;
};

inline Snapshot snapshot_of(
    const boost::filesystem::path& top, const std::function<bool(const std::string&)>& is_left_out =
                                            [](const auto&) { return false; }) {
  return TreeReader(top, is_left_out).read();
}

inline bool is_unchanged(const Seen& a, const Seen& b) {
  const auto key = [](const struct stat& s) {
    return std::array<long long, 7>{s.st_mode,
                                    s.st_uid,
                                    s.st_gid,
                                    static_cast<long long>(s.st_ino),
                                    S_ISDIR(s.st_mode) ? 0 : s.st_size,
                                    s.st_mtim.tv_sec,
                                    s.st_mtim.tv_nsec};
  };
  return key(a.status) == key(b.status) && a.content == b.content;
}

// A sentence for each entry that came, went or changed.
inline std::vector<std::string> differences(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> all;
  for (const auto& [path, seen] : before) {
    const auto found = after.find(path);
    if (found == after.end()) {
      all.push_back(path + " has gone");
    } else if (!is_unchanged(seen, found->second)) {
      all.push_back(path + " has changed");
    }
  }
  for (const auto& [path, seen] : after) {
    if (!before.contains(path)) all.push_back(path + " has come");
  }
  return all;
}

}  // namespace ream::test
