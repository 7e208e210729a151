#include "sink/made_directories.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/sync.hpp"

namespace ream::sink {

namespace fs = boost::filesystem;

namespace {

// From the lowest to the highest.
std::vector<fs::path> missing_ones(const fs::path& directory) {
  std::vector<fs::path> missing;
  boost::system::error_code unknown;
  for (auto path = directory; !path.empty() && !fs::exists(path, unknown);
       path = path.parent_path()) {
    missing.push_back(path);
  }
  return missing;
}

os::Fd open_existing(const fs::path& path) {
  const fs::path place = path.empty() ? "." : path;
  auto fd = os::open_root(place.c_str());
  if (!fd) os::throw_errno(Operation::open_directory, place.native());
  return fd;
}

}  // namespace

MadeDirectories::~MadeDirectories() {
  if (kept_) return;
  while (!steps_.empty()) {
    const auto step = std::move(steps_.back());
    steps_.pop_back();
    const auto parent = step.made ? reach() : os::Fd();
    if (parent) os::remove_if_empty({parent.get(), step.name.c_str()});
  }
}

// Not by its path, which may lead elsewhere by now. errno where it fails.
os::Fd MadeDirectories::reach() const {
  auto fd = os::open_again(above_);
  for (auto step = steps_.begin(); fd && step != steps_.end(); ++step) {
    fd = os::open_child_directory({fd.get(), step->name.c_str()});
  }
  return fd;
}

os::Fd MadeDirectories::make(const fs::path& directory) {
  const auto missing = missing_ones(directory);
  if (missing.empty()) return open_existing(directory);
  above_ = open_existing(missing.back().parent_path());
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) make_step(*path);
  auto made = reach();
  if (!made) os::throw_errno(Operation::open_directory, directory.native());
  return made;
}

void MadeDirectories::make_step(const fs::path& path) {
  const auto name = path.filename().native();
  const auto parent = reach();
  const bool made = parent && os::make_new_directory({parent.get(), name.c_str()}, 0777);
  if (!made && errno != EEXIST) os::throw_errno(Operation::create_directory, path.native());
  steps_.push_back({path, name, made});
}

void MadeDirectories::sync() const {
  auto fd = above_ ? os::open_again(above_) : os::Fd();
  for (const auto& step : steps_) {
    if (!fd || (step.made && !os::sync_directory({fd.get(), "."}))) {
      const auto above = step.path.parent_path();
      os::throw_errno(Operation::sync, above.empty() ? "." : above.native());
    }
    fd = os::open_child_directory({fd.get(), step.name.c_str()});
  }
}

}  // namespace ream::sink
