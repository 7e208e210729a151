// How a batch is written. The defaults are the program's defaults.
#pragma once

#include <functional>
#include <vector>

#include "ream/pool.hpp"

namespace ream {

struct WriteProgress {
  std::uint64_t entries_ended = 0;
  std::uint64_t bytes = 0;
};

// What a reader may see of a batch that is not there as a whole.
enum class Atomic {
  // `batch` where the directory is absent, or is empty, owned by the caller, not reached as "." or
  // through a link, no mount point, nobody's working directory (as far as the caller may look), and
  // its parent may be written; else `file`.
  automatic,
  // Files are written under their own names, and are seen while they grow.
  none,
  // Each file appears whole under its name. What is complete when a batch fails or is stopped
  // stays. A temporary file, where one is needed, is ".ream-TOKEN.NUMBER" beside the file.
  file,
  // The directory appears whole, or is as it was: the batch is written to ".DIR.ream-TOKEN" beside
  // it, which then takes its place. Any failure: nothing of the batch is there.
  batch,
};

struct WriteOptions {
  unsigned workers = 0;  // worker processes; 0: the processors that this process may use
  Placement placement = Placement::pooled;
  Atomic atomic = Atomic::automatic;
  bool keep_going = false;  // try every file, report every failure; else stop at the first

  // These signals end the batch in order (see PoolOptions::stop_signals).
  std::vector<int> stop_signals = {};

  // Called in the driver about ten times a second, where set.
  std::function<void(const WriteProgress&)> on_progress = {};
};

}  // namespace ream
