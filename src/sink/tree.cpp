#include "sink/tree.hpp"

#include <algorithm>
#include <cerrno>

#include "os/errors.hpp"
#include "os/limits.hpp"

namespace ream::sink {

namespace {

// So many directories are kept open, and never more than a quarter of what the process may open.
constexpr std::size_t most_kept_open = 128;

// ENOTDIR and ELOOP say that something else has the name: which of the two a person wants to know.
[[noreturn]] void throw_not_opened(os::Name name, std::string_view path) {
  const int error_number = errno;
  const bool obstructed = error_number == ENOTDIR || error_number == ELOOP;
  if (!obstructed) throw Error(Operation::open_directory, std::string(path), error_number);
  const auto found = os::status(name);
  const bool link = found && os::is_link(*found);
  throw Error(Operation::open_directory, std::string(path), 0,
              link ? Reason::link_in_the_way : Reason::file_in_the_way);
}

void check_path(std::string_view path) {
  if (!os::problem_with_path(path).empty()) throw Error(Operation::open, std::string(path), EINVAL);
}

}  // namespace

Tree::Tree(int root)
    : root_(root),
      capacity_(std::clamp<std::size_t>(os::most_open_files() / 4, 1, most_kept_open)) {}

os::Name Tree::place(std::string_view path, MissingDirectories missing) {
  check_path(path);
  const int parent = directory(os::parent_of(path), missing);
  name_ = os::name_of(path);
  return {parent, name_.c_str()};
}

void Tree::make_directory(std::string_view path) {
  check_path(path);
  directory(path, MissingDirectories::make);
}

os::Fd Tree::open_for_attributes(std::string_view path) {
  const auto name =
      path.empty() ? os::Name{root_, "."} : place(path, MissingDirectories::are_an_error);
  auto fd = os::open_child_directory_for_reading(name);
  if (!fd) throw_not_opened(name, path);
  return fd;
}

int Tree::directory(std::string_view path, MissingDirectories missing) {
  if (path.empty()) return root_;
  if (last_fd_ >= 0 && path == last_path_) return last_fd_;
  last_fd_ = -1;  // descend() may close it
  last_fd_ = descend(path, missing);
  last_path_ = path;
  return last_fd_;
}

int Tree::descend(std::string_view path, MissingDirectories missing) {
  std::string_view reached = path;
  auto found = open_.find(reached);
  while (found == open_.end() && !reached.empty()) {
    reached = os::parent_of(reached);
    found = open_.find(reached);
  }
  int fd = found == open_.end() ? root_ : found->second.get();
  while (reached.size() < path.size()) {
    const std::size_t begin = reached.empty() ? 0 : reached.size() + 1;
    reached = path.substr(0, path.find('/', begin));
    fd = remember(reached, open_component(fd, reached, reached.substr(begin), missing));
  }
  return fd;
}

os::Fd Tree::open_component(int parent, std::string_view path, std::string_view component,
                            MissingDirectories missing) {
  const std::string text(component);
  const os::Name name{parent, text.c_str()};
  auto fd = os::open_child_directory(name);
  if (!fd && errno == ENOENT && missing == MissingDirectories::make) {
    if (!os::make_directory(name)) os::throw_errno(Operation::create_directory, path);
    fd = os::open_child_directory(name);
  }
  if (!fd) throw_not_opened(name, path);
  return fd;
}

int Tree::remember(std::string_view path, os::Fd fd) {
  const int number = fd.get();
  if (oldest_first_.size() < capacity_) {
    oldest_first_.emplace_back(path);
  } else {
    open_.erase(oldest_first_[oldest_]);
    oldest_first_[oldest_] = path;
    oldest_ = (oldest_ + 1) % capacity_;
  }
  open_[std::string(path)] = std::move(fd);
  return number;
}

}  // namespace ream::sink
