// What a command that writes a batch says of it, on standard error.
#pragma once

#include <string>

#include "batch/dry_run.hpp"
#include "cli/batch_options.hpp"
#include "ream/batch.hpp"
#include "ream/plan.hpp"

namespace ream::cli {

// Names every entry that is not there, and why.
void tell_what_is_missing(const Report& report, const Plan& plan, const std::string& directory);

// Of a batch that a signal stopped.
void tell_how_far_it_got(const Report& report, const std::string& directory);

// The closing line: what was written, how fast, by how many.
std::string summary_text(const Report& report, const BatchSettings& settings);

// The closing line of a dry run.
std::string forecast_text(const Forecast& forecast);

}  // namespace ream::cli
