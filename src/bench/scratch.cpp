#include "bench/scratch.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/process.hpp"
#include "os/remove_tree.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace fs = boost::filesystem;

namespace {

fs::path uppermost_absent(const fs::path& directory) {
  fs::path absent;
  boost::system::error_code ignored;
  for (auto path = fs::absolute(directory); !fs::exists(path, ignored); path = path.parent_path()) {
    absent = path;
  }
  return absent;
}

void make_directories(const fs::path& directory) {
  boost::system::error_code error;
  fs::create_directories(directory, error);
  if (error) throw Error(Operation::create_directory, directory.native(), error.value());
}

}  // namespace

Scratch::Scratch(const fs::path& directory)
    : made_(uppermost_absent(directory)),
      place_(fs::absolute(directory) / fmt::format(".ream-bench-{}", os::current_pid())) {
  make_directories(place_);
}

Scratch::~Scratch() {
  os::remove_tree(os::from_here(place_.c_str()));
  if (!made_.empty()) os::remove_tree(os::from_here(made_.c_str()));
}

fs::path Scratch::fresh() {
  return place_ / std::to_string(++samples_);
}

void Scratch::remove(const fs::path& sample) const {
  if (!os::remove_tree(os::from_here(sample.c_str())) && errno != ENOENT) {
    os::throw_errno(Operation::remove, sample.native());
  }
}

}  // namespace ream::bench
