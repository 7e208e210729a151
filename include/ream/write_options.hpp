// How a batch is written. The defaults are the program's defaults.
#pragma once

#include <boost/filesystem/path.hpp>
#include <functional>
#include <vector>

#include "ream/guarantees.hpp"
#include "ream/latency.hpp"
#include "ream/pool.hpp"

namespace ream {

struct WriteProgress {
  std::uint64_t entries_ended = 0;
  std::uint64_t bytes = 0;
};

struct WriteOptions {
  unsigned workers = 0;          // worker processes; 0: the processors that this process may use
  WorkerSlots* slots = nullptr;  // leave for each beyond the first (see PoolOptions::slots)
  Placement placement = Placement::pooled;
  Atomic atomic = Atomic::automatic;
  Sync sync = Sync::none;
  IfExists if_exists = IfExists::fail;  // skip and update do not go with Atomic::batch
  bool keep_going = false;  // try every file, report every failure; else stop at the first

  // Where the checksums of a batch that is complete are written, in the form of sha256sum: a line
  // for each regular file, but those that were skipped. Empty: nowhere. It appears, or replaces
  // what was there, when the batch is published; it must not lie in the batch's directory.
  boost::filesystem::path sums = {};
  bool sums_end_with_nul = false;  // as those of `sha256sum -z`, with nothing escaped

  Latency latency = Latency::none;  // what Report::latency will tell

  // These signals end the batch in order (see PoolOptions::stop_signals).
  std::vector<int> stop_signals = {};

  // Called in the driver about ten times a second, where set.
  std::function<void(const WriteProgress&)> on_progress = {};
};

}  // namespace ream
