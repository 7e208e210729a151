#include "bench/scratch.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/remove_tree.hpp"
#include "os/sync.hpp"
#include "ream/clean.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace fs = boost::filesystem;

namespace {

// Readable, since it will be synced.
os::Fd opened(sink::MadeDirectories& made, const fs::path& directory) {
  const auto found = made.make(fs::absolute(directory));
  clean(directory);
  auto root = os::open_child_directory_for_reading({found.get(), "."});
  if (!root) os::throw_errno(Operation::open_directory, directory.native());
  return root;
}

}  // namespace

Scratch::Scratch(const fs::path& directory)
    : root_(opened(made_, directory)),
      mark_(root_.get(), "", directory.native()),
      place_(fs::absolute(directory) / mark_.name()) {
  if (os::make_new_directory({root_.get(), mark_.name().c_str()}, 0700)) return;
  os::throw_errno(Operation::create_directory, place_.native());
}

Scratch::~Scratch() {
  if (!try_to_remove_all()) mark_.keep();
}

fs::path Scratch::fresh() {
  return place_ / std::to_string(++samples_);
}

void Scratch::write_out() const {
  if (!os::sync_filesystem(root_.get())) os::throw_errno(Operation::sync, place_.native());
}

void Scratch::remove(const fs::path& sample) const {
  if (!os::remove_tree(os::from_here(sample.c_str())) && errno != ENOENT) {
    os::throw_errno(Operation::remove, sample.native());
  }
}

void Scratch::remove_all() {
  if (!try_to_remove_all()) os::throw_errno(Operation::remove, place_.native());
}

bool Scratch::try_to_remove_all() noexcept {
  return os::remove_tree({root_.get(), mark_.name().c_str()}) || errno == ENOENT;
}

}  // namespace ream::bench
