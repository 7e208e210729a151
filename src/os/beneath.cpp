#include "os/beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/errors.hpp"

namespace ream::os {

namespace {

std::string_view problem_with_component(std::string_view component) noexcept {
  if (component.empty()) return "has an empty component (two slashes, or one at an end)";
  if (component == ".") return "has a component '.'";
  if (component == "..") return "has a component '..', which would lead out of the directory";
  if (component.size() > longest_name) return "has a component of more than 255 bytes";
  return {};
}

Fd open_at(Name name, int flags) noexcept {
  return Fd(retry_on_eintr([&] { return ::openat(name.directory, name.name, flags | O_CLOEXEC); }));
}

}  // namespace

std::string_view problem_with_path(std::string_view path) noexcept {
  if (path.empty()) return "is empty";
  if (path.front() == '/') return "is absolute";
  if (path.size() > longest_path) return "has more than 4095 bytes";
  if (path.find('\0') != path.npos) return "has a NUL byte";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const auto problem = problem_with_component(path.substr(begin, end - begin));
    if (!problem.empty()) return problem;
    begin = end + 1;
  }
  return {};
}

std::string_view parent_of(std::string_view path) noexcept {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

Fd open_root(const char* path) noexcept {
  return open_at(from_here(path), O_PATH | O_DIRECTORY);
}

Fd open_child_directory(Name name) noexcept {
  return open_at(name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

Fd open_again(const Fd& directory) noexcept {
  return open_child_directory({directory.get(), "."});
}

Fd open_child_directory_for_reading(Name name) noexcept {
  return open_at(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

bool make_directory(Name name, mode_t mode) noexcept {
  return make_new_directory(name, mode) || errno == EEXIST;
}

bool make_new_directory(Name name, mode_t mode) noexcept {
  return retry_on_eintr([&] { return ::mkdirat(name.directory, name.name, mode); }) == 0;
}

bool may_write(const char* directory) noexcept {
  return ::faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0;
}

bool make_root(const char* path, mode_t mode) noexcept {
  return retry_on_eintr([&] { return ::mkdir(path, mode); }) == 0;
}

bool remove_if_empty(Name directory) noexcept {
  return ::unlinkat(directory.directory, directory.name, AT_REMOVEDIR) == 0;
}

}  // namespace ream::os
