// The report of a batch, from what the ledger says.
#pragma once

#include <string>

#include "ream/plan.hpp"
#include "ream/pool.hpp"
#include "ream/report.hpp"
#include "sink/entry_result.hpp"

namespace ream {

using BatchRun = PoolRun<sink::EntryResult>;

void add_failure(Report& report, std::uint64_t index, const FileJob& job, const Error& error);

// Files written, failures, entries that were never begun, workers. Links and directories are
// counted by the one who finishes them.
void report_run(Report& report, const Plan& plan, const BatchRun& run);

}  // namespace ream
