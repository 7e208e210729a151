// Writes a whole batch.
#pragma once

#include <boost/filesystem/path.hpp>

#include "ream/api.hpp"
#include "ream/plan.hpp"
#include "ream/report.hpp"
#include "ream/write_options.hpp"

namespace ream {

// Writes every job of `plan` beneath `directory`, which is made where it is absent, and returns
// when every worker has ended. What becomes of what exists is for WriteOptions::if_exists to say.
// Nothing is written outside `directory`, whatever the paths say, and no symbolic link beneath it
// is followed. How it appears there, and what stays of a batch that is not complete, is for
// WriteOptions::atomic to say. A plan that is not known good is checked as a whole, in parallel:
// before the first file is made, or while a batch is written that nobody sees before it is whole.
//
// What could not be written is in the report, with the reason; and where the whole could not be
// published or brought to the disk. Throws InputError for a bad plan and Error for what keeps the
// batch from being begun (a directory that cannot be made or opened, no process that could be
// started): nothing is there then. Throws std::logic_error where run_jobs() does.
REAM_API Report write_batch(const Plan& plan, const boost::filesystem::path& directory,
                            const WriteOptions& options = {});

}  // namespace ream
