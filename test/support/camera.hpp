// When a picture of a disk is taken: at one system call of a kind, drawn from all of that kind that
// a run makes, or the last of them.
#pragma once

#include <sys/syscall.h>

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <utility>

#include "support/kills.hpp"
#include "support/power_cuts.hpp"
#include "support/traced_program.hpp"

namespace ream::test {

struct Moment {
  enum class Call { any, sync, naming };
  Call call;
  SystemCall::When when;
  bool last = false;  // of all: where there are not many, since each is taken until another comes
};

inline bool is_met(const Moment& moment, const SystemCall& call) {
  if (call.when != moment.when) return false;
  switch (moment.call) {
    case Moment::Call::sync:
      return call.number == SYS_fsync || call.number == SYS_syncfs;
    case Moment::Call::naming:
      return call.number == SYS_linkat || call.number == SYS_renameat2 ||
             call.number == SYS_renameat;  // renameat2() calls that where it has no flags
    default:
      return true;
  }
}

class Camera {
 public:
  // Where `after_a_sync`, somebody else syncs a file right before: names are then on the disk as
  // soon as they can be, and contents are not.
  Camera(const Moment& moment, bool after_a_sync, const Disk& disk, boost::filesystem::path picture)
      : moment_(moment), after_a_sync_(after_a_sync), disk_(disk), picture_(std::move(picture)) {}
  ~Camera() { ::unlink(picture_.c_str()); }
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  // How many there will be is not known: the n-th takes the place of the one before it with a
  // chance of 1/n, so that in the end each had the same.
  void see(const SystemCall& call, Random& random) {
    if (!is_met(moment_, call)) return;
    if (moment_.last || below(++met_, random) == 0) take();
  }

  void take() {
    if (after_a_sync_) sync_a_neighbour(disk_.root());
    share_blocks(disk_.image(), picture_);
    taken_ = true;
  }

  bool has_picture() const noexcept { return taken_; }
  const boost::filesystem::path& picture() const noexcept { return picture_; }

 private:
  Moment moment_;
  bool after_a_sync_;
  const Disk& disk_;
  boost::filesystem::path picture_;
  std::uint64_t met_ = 0;
  bool taken_ = false;
};

}  // namespace ream::test
