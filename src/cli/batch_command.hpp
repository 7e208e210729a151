// The way of every command that writes a batch, from the plan to the exit status.
#pragma once

#include "cli/batch_options.hpp"
#include "ream/plan.hpp"

namespace ream::cli {

// Writes the batch, tells how it went, lists the directory. Returns the exit status, or ends the
// process by the signal that ended the batch.
int run_batch(const Plan& plan, const BatchSettings& settings);

}  // namespace ream::cli
