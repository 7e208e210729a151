// What a worker does between its start and its end: claim, do, note.
#pragma once

#include <cstdint>
#include <vector>

#include "os/clock.hpp"
#include "pool/ledger.hpp"
#include "ream/pool.hpp"

namespace ream::detail {

// One pass over the jobs. The first covers all of them; a later one what dead workers left.
struct Round {
  std::uint64_t size = 0;
  std::vector<std::uint64_t> redo;  // the indexes; empty in the first round, where they are 0, 1, …

  std::uint64_t index(std::uint64_t position) const {
    return redo.empty() ? position : redo[position];
  }
};

struct WorkerTask {
  Ledger& ledger;
  const Body& body;
  const PoolOptions& options;
  const Round& round;
  os::Stopwatch since_start;  // of the run: every process has the same clock
  int alive = -1;             // the end of a pipe that this worker and its job's process hold open
};

// Does one job in this process and notes how it ended.
void do_job(const WorkerTask& task, unsigned lane, std::uint64_t index);

// Claims and does jobs until there are none, or the ledger says stop. A job process that is killed
// takes its worker along in the same way, so that the driver sees one kind of death only.
void work(const WorkerTask& task, unsigned lane);

}  // namespace ream::detail
