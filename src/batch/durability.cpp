#include "batch/durability.hpp"

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/sync.hpp"
#include "sink/target.hpp"

namespace ream {

namespace fs = boost::filesystem;

namespace {

// What an fsync of one file takes is about what the disk takes for so many bytes (measured on ext4
// and XFS in RAM: 0.2 to 0.4 ms; the order is the same for disks).
constexpr std::uint64_t bytes_worth_an_fsync = std::uint64_t{1} << 20;

// syncfs waits for what others have written too.
bool others_have_much_unwritten(std::uint64_t files) {
  return os::unwritten_bytes() / bytes_worth_an_fsync > files;
}

bool reaches_everything(const sink::Stage& stage, const fs::path& directory) {
  if (!os::sync_filesystem_reaches_all(stage.root())) return false;
  return stage.is_private() || !os::has_mounts_beneath(sink::real_path(directory).c_str());
}

}  // namespace

Durability::Durability(Sync sync, std::uint64_t files, const sink::Stage& stage,
                       const fs::path& directory)
    : wanted_(sync != Sync::none), directory_(directory) {
  if (sync != Sync::batch) return;
  if (others_have_much_unwritten(files) || !reaches_everything(stage, directory)) return;
  filesystem_ = os::open_child_directory_for_reading({stage.root(), "."});
  if (!filesystem_) os::throw_errno(Operation::open_directory, directory.native());
}

sink::WriteBack Durability::of_files() const noexcept {
  if (!wanted_) return sink::WriteBack::left_to_the_system;
  return is_by_filesystem() ? sink::WriteBack::begun : sink::WriteBack::awaited;
}

void Durability::sync_filesystem() const {
  if (os::sync_filesystem(filesystem_.get())) return;
  os::throw_errno(Operation::sync, directory_.native());
}

}  // namespace ream
