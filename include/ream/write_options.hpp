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

  // Where it is kept, from one run to the next, what the runs of one plan into one directory have
  // left there. Not empty: what an earlier run left, and the plan does not have any more, is
  // removed when the batch is complete, unless it was changed since; and so are directories that
  // ream made for it, where they are empty then. A file that was there already, and is as the plan
  // wants it, counts as ream's. It must not lie in the batch's directory, and does not go with a
  // batch that replaces the directory as a whole (Atomic::batch with IfExists::replace): nothing
  // else is there then. Of a batch that is not complete nothing is forgotten, and nothing is
  // removed for it.
  boost::filesystem::path record = {};
  // What the plan comes from, for the record to tell: a manifest; empty: it was generated. A record
  // that tells of another source, or of another directory, is refused: what it has is not this
  // plan's to remove.
  boost::filesystem::path record_source = {};

  Latency latency = Latency::none;  // what Report::latency will tell

  // These signals end the batch in order (see PoolOptions::stop_signals).
  std::vector<int> stop_signals = {};

  // Called in the driver before the first entry is written, where set: not where something is in
  // the way of the batch. What it throws is thrown by write_batch(), and nothing is written.
  std::function<void()> before_writing = {};

  // Called in the driver about ten times a second, where set.
  std::function<void(const WriteProgress&)> on_progress = {};
};

}  // namespace ream
