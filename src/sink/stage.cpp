#include "sink/stage.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/errors.hpp"

namespace ream::sink {

namespace fs = boost::filesystem;

Stage::Stage(const fs::path& directory) {
  try {
    make_missing(directory);
    root_ = os::open_root(directory.c_str());
    if (!root_) os::throw_errno(Operation::open_directory, directory.string());
  } catch (...) {
    remove_made();
    throw;
  }
}

Stage::~Stage() {
  if (!published_) remove_made();
}

void Stage::make_missing(const fs::path& directory) {
  std::vector<fs::path> missing;
  boost::system::error_code unknown;
  for (auto path = directory; !path.empty() && !fs::exists(path, unknown);
       path = path.parent_path()) {
    missing.push_back(path);
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    if (os::make_root(path->c_str())) {
      made_.push_back(*path);
    } else if (errno != EEXIST) {
      os::throw_errno(Operation::create_directory, path->string());
    }
  }
}

void Stage::remove_made() noexcept {
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) os::remove_if_empty(path->c_str());
}

}  // namespace ream::sink
