#include "sink/made_directories.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/errors.hpp"

namespace ream::sink {

namespace fs = boost::filesystem;

MadeDirectories::~MadeDirectories() {
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) os::remove_if_empty(path->c_str());
}

void MadeDirectories::make(const fs::path& directory) {
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
      os::throw_errno(Operation::create_directory, path->native());
    }
  }
}

}  // namespace ream::sink
