#include "sink/target.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/directory_attributes.hpp"
#include "os/errors.hpp"
#include "os/process.hpp"
#include "os/working_directories.hpp"

namespace ream::sink {

namespace fs = boost::filesystem;

namespace {

fs::path without_slashes_at_the_end(const fs::path& path) {
  auto text = path.native();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string real_name(const fs::path& path) {
  const auto name = path.filename().native();
  return name == "." || name == ".." || name == "/" ? std::string() : name;
}

Target::Found kind_of(const os::Fd& directory) {
  return os::is_empty_directory(directory.get()) ? Target::Found::empty_directory
                                                 : Target::Found::populated_directory;
}

// A link may lead nowhere, or in a circle.
bool is_no_directory(int error_number) {
  return error_number == ENOTDIR || error_number == ENOENT || error_number == ELOOP;
}

}  // namespace

Target::Target(const fs::path& given)
    : path(without_slashes_at_the_end(given)),
      parent(path.has_parent_path() ? path.parent_path() : fs::path(".")),
      name(real_name(path)),
      parent_directory(os::open_root(parent.c_str())) {
  const auto there = os::status(os::from_here(path.c_str()));
  if (!there && errno == ENOENT) return;
  if (!there) os::throw_errno(Operation::open_directory, path.native());
  by_link = os::is_link(*there);
  directory = os::open_root(path.c_str());
  if (!directory && !is_no_directory(errno))
    os::throw_errno(Operation::open_directory, path.native());
  const auto opened = directory ? os::status(directory.get()) : std::nullopt;
  if (directory && !opened) os::throw_errno(Operation::inspect, path.native());
  found = opened ? kind_of(directory) : Found::something_else;
  if (opened) status = *opened;
}

fs::path real_path(const fs::path& path) {
  boost::system::error_code problem;
  auto real = fs::canonical(path, problem);
  if (problem) throw Error(Operation::open_directory, path.native(), problem.value());
  return real;
}

bool is_marked_beside(const Target& target) noexcept {
  return !target.name.empty() && !target.by_link && os::may_write(target.parent.c_str());
}

bool can_be_staged(const Target& target) noexcept {
  if (target.name.empty() || target.by_link) return false;
  if (target.found == Target::Found::nothing) return true;
  return target.found == Target::Found::empty_directory &&
         target.status.owner == os::effective_user() && !target.status.mount_point &&
         os::may_write(target.parent.c_str()) &&
         !os::is_somebodys_working_directory(target.status.identity);
}

}  // namespace ream::sink
