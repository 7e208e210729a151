#include "ream/pool.hpp"

#include <algorithm>

#include "os/clock.hpp"
#include "os/processors.hpp"
#include "pool/driver.hpp"
#include "pool/ledger.hpp"

namespace ream {

unsigned lanes_of(std::uint64_t count, const PoolOptions& options) {
  if (options.placement == Placement::in_process) return 1;
  const unsigned wanted = options.workers == 0 ? os::usable_processors() : options.workers;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(count, 1, wanted));
}

}  // namespace ream

namespace ream::detail {

RunState::RunState(std::unique_ptr<Ledger> owned) : ledger(std::move(owned)) {}
RunState::RunState(RunState&&) noexcept = default;
RunState& RunState::operator=(RunState&&) noexcept = default;
RunState::~RunState() = default;

void JobSlot::set_state(JobState state) noexcept {
  ledger->set_state(index, state);
}
void* JobSlot::result() noexcept {
  return ledger->result(index);
}
void JobSlot::add_units(std::uint64_t units) noexcept {
  ledger->lane(lane).units.fetch_add(units, std::memory_order_relaxed);
}

JobState state_of(const Ledger& ledger, std::uint64_t index) noexcept {
  return ledger.state(index);
}
const void* result_of(const Ledger& ledger, std::uint64_t index) noexcept {
  return ledger.result(index);
}

RunState run_jobs(std::uint64_t count, ResultLayout layout, const Body& body, const Undo& undo,
                  const PoolOptions& options) {
  const os::Stopwatch since_start;
  RunState state(std::make_unique<Ledger>(count, layout, lanes_of(count, options)));
  Driver(*state.ledger, body, undo, options, state, since_start).run();
  return state;
}

}  // namespace ream::detail
