#include "cli/change_mark.hpp"

#include <cerrno>

#include "os/errors.hpp"
#include "os/file.hpp"

namespace ream::cli {

namespace {

bool is_there(const std::string& path) {
  return !path.empty() && os::status(os::from_here(path.c_str()));
}

}  // namespace

std::string ChangeMark::path_beside(const std::string& stamp) {
  return stamp.empty() ? "" : stamp + ".changed";
}

ChangeMark::ChangeMark(const std::string& stamp)
    : path_(path_beside(stamp)), was_left_(is_there(path_)) {}

void ChangeMark::set() const {
  if (path_.empty() || was_left_) return;
  if (!os::touch(path_.c_str())) os::throw_errno(Operation::create, path_);
}

void ChangeMark::take_back() const noexcept {
  if (!path_.empty() && !was_left_) os::remove_file(os::from_here(path_.c_str()));
}

void ChangeMark::remove() const {
  if (path_.empty() || os::remove_file(os::from_here(path_.c_str())) || errno == ENOENT) return;
  os::throw_errno(Operation::remove, path_);
}

}  // namespace ream::cli
