#include "support/tree_image.hpp"

#include <sys/stat.h>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <ios>
#include <stdexcept>

namespace ream::test {

namespace fs = boost::filesystem;

namespace {

constexpr const char* mark = ".ream-";

Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return Kind::file;
  if (S_ISDIR(mode)) return Kind::directory;
  return S_ISLNK(mode) ? Kind::link : Kind::other;
}

std::string read_file(const fs::path& path, off_t size) {
  fs::ifstream in(path, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  in.read(content.data(), size);
  if (!in) throw std::runtime_error("cannot read " + path.native());
  return content;
}

std::string content_of(const fs::path& path, Kind kind, off_t size) {
  if (kind == Kind::file) return read_file(path, size);
  return kind == Kind::link ? fs::read_symlink(path).native() : std::string();
}

Entry read_entry(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) throw std::runtime_error("no " + path.native());
  const auto kind = kind_of(found.st_mode);
  return {kind, content_of(path, kind, found.st_size), found.st_mode & 07777U, found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec};
}

}  // namespace

std::optional<Tree> read_tree(const fs::path& directory) {
  if (!fs::exists(fs::symlink_status(directory))) return std::nullopt;
  Tree tree;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    tree[entry.path().lexically_relative(directory).native()] = read_entry(entry.path());
  }
  return tree;
}

std::optional<Contents> read_contents(const fs::path& directory) {
  auto tree = read_tree(directory);
  if (!tree) return std::nullopt;
  Contents contents;
  for (auto& [path, entry] : *tree) {
    if (entry.kind != Kind::file || path.find(mark) != path.npos) continue;
    contents[path] = std::move(entry.content);
  }
  return contents;
}

std::vector<std::string> marks_in(const fs::path& directory) {
  std::vector<std::string> marks;
  if (!fs::exists(fs::symlink_status(directory))) return marks;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const auto name = entry.path().filename().native();
    if (name.find(mark) != name.npos) marks.push_back(entry.path().native());
  }
  return marks;
}

}  // namespace ream::test
