// How many workers a command has, and who grants them.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <memory>

#include "cli/arguments.hpp"
#include "ream/worker_slots.hpp"

namespace ream::cli {

struct Workers {
  unsigned most = 1;
  std::unique_ptr<WorkerSlots> slots;  // leave for each beyond the first; none: they need none
};

// Says the same as --jobs.
inline constexpr Variable jobs_variable = {"jobs", "REAM_JOBS"};

// Adds --jobs.
void add_jobs_option(po::options_description& group);

// The first that says something: --jobs, REAM_JOBS, a config file, make, the processors that may be
// used. Says on standard error where make's jobserver is out of reach. Throws UsageError. Call it
// before anything is opened (see make_jobs()).
Workers workers(const Arguments& arguments);

}  // namespace ream::cli
