#include "batch/way_of_a_batch.hpp"

#include <stdexcept>
#include <utility>

namespace ream {

std::optional<int> check_plan_of_batch(const Plan& plan, const WriteOptions& options) {
  if (plan.is_known_good()) return std::nullopt;
  PlanCheckOptions how{options.workers, options.slots, options.stop_signals};
  if (options.placement == Placement::in_process) how.workers = 1;
  return check_plan(plan, how);
}

sink::Target look_at_target(const boost::filesystem::path& directory, Atomic atomic) {
  sink::Target target(directory);
  const bool other_name = target.by_link && target.directory && atomic == Atomic::batch;
  return other_name ? sink::Target(sink::real_path(directory)) : std::move(target);
}

Atomic decide(Atomic atomic, const sink::Target& target) {
  if (atomic != Atomic::automatic) return atomic;
  return sink::can_be_staged(target) ? Atomic::batch : Atomic::file;
}

void check_options(const WriteOptions& options) {
  if (options.atomic != Atomic::batch) return;
  const bool keeps = options.if_exists == IfExists::skip || options.if_exists == IfExists::update;
  if (keeps) {
    throw std::invalid_argument(
        "a batch that replaces the directory keeps nothing of what is there");
  }
  if (options.record.empty() || options.if_exists != IfExists::replace) return;
  throw std::invalid_argument("a batch that replaces the directory leaves nothing to be removed");
}

PoolOptions pool_options_of(const WriteOptions& options) {
  const bool forks = options.placement != Placement::in_process;
  PoolOptions pool;
  pool.workers = options.workers;
  pool.slots = options.slots;
  pool.placement = forks ? Placement::pooled : Placement::in_process;
  pool.stop_signals = options.stop_signals;
  return pool;
}

}  // namespace ream
