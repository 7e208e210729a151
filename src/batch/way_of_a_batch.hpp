// What is decided, and refused, before a batch is begun.
#pragma once

#include <boost/filesystem/path.hpp>
#include <optional>

#include "ream/plan.hpp"
#include "ream/pool.hpp"
#include "ream/write_options.hpp"
#include "sink/target.hpp"

namespace ream {

// Throws std::invalid_argument for options that do not go together.
void check_options(const WriteOptions& options);

// `directory` as a batch finds it. Throws Error.
sink::Target look_at_target(const boost::filesystem::path& directory, Atomic atomic);

// What Atomic::automatic is for `target`; others stay.
Atomic decide(Atomic atomic, const sink::Target& target);

// As check_plan(), for a plan that needs it: the signal that ended it before it was through.
std::optional<int> check_plan_of_batch(const Plan& plan, const WriteOptions& options);

// How entries are gone through where no files are written: as the batch, but never with a process
// for each.
PoolOptions pool_options_of(const WriteOptions& options);

}  // namespace ream
