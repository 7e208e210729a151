// A crash-proof pool: runs a callable on each index of a range, in forked worker processes.
//
// Workers inherit everything by copy-on-write; the only memory they share is the ledger, which has
// a slot for each job: its state and a result of a type that the caller chooses. What a worker did
// is what the ledger says, so a worker may die at any moment: its unfinished jobs are undone and
// done again by others.
//
//   auto run = ream::run_jobs<Answer>(n, [&](std::uint64_t i, ream::Job<Answer>& job) {
//     job.result() = work(i);                      // a throw marks the job as failed
//   });
//   for (i …) if (run.state(i) == ream::JobState::done) use(run.result(i));
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ream/exit_status.hpp"
#include "ream/worker_slots.hpp"

namespace ream {

// `creating` and `created` are for jobs that leave something behind: a body says creating() before
// it makes something and created() when that is surely its own, so that undo knows.
enum class JobState : std::uint8_t { untouched, creating, created, done, failed };

enum class Placement {
  in_process,      // in the calling process, one after the other: the serial baseline, no fork
  pooled,          // `workers` processes, each does many jobs
  process_per_job  // a process for each job, at most `workers` of them alive at once
};

struct PoolProgress {
  std::uint64_t jobs_ended = 0;
  std::uint64_t units = 0;  // what the bodies gave to add_units(), bytes for instance
};

struct PoolOptions {
  unsigned workers = 0;  // 0: the processors that this process may use
  Placement placement = Placement::pooled;

  // Where set, each worker beyond the first needs leave from here: it joins when there is leave,
  // in the middle of the run too, and gives it back at its end. Not owned. A run has given all back
  // when it returns or throws; a signal that is not among `stop_signals` can keep it from that.
  WorkerSlots* slots = nullptr;

  bool keep_going = false;  // false: no further job is claimed after the first that failed

  // While the pool runs these stop it: no job is claimed any more, those in hand end. A second one
  // kills the workers. Signals that the program ignores stay ignored. Workers ignore them all.
  std::vector<int> stop_signals = {};

  // Called in the worker each time it has claimed a job, before the body is; where the job has a
  // process of its own, before that is forked. Must not throw.
  std::function<void()> on_claim = {};

  // Called in the driver about every `progress_interval`, and once at the end, where set.
  std::function<void(const PoolProgress&)> on_progress = {};
  std::chrono::milliseconds progress_interval{100};
};

// How many lanes run_jobs() has for so many jobs: workers that run at once, each with a number
// below that. Ask once and put it into PoolOptions::workers: processors may come and go.
unsigned lanes_of(std::uint64_t count, const PoolOptions& options);

// One worker's life. A worker that was started in a dead one's place has a row of its own.
struct WorkerRow {
  int pid = 0;
  std::uint64_t jobs = 0;   // ended by it, well or not
  std::uint64_t units = 0;  // what its bodies gave to add_units()
  double seconds = 0;       // from its start until it had no more to do
  double until = 0;         // from the start of the run until then
                            // (of one that died: until it was waited for)
  ExitStatus status;
};

// What undo found of a job whose worker died.
enum class Undone {
  redo,  // nothing is left of it (or what is there is somebody else's): do it again
  done   // it was complete
};

namespace detail {

class Ledger;

// A job's place in the ledger, as the running process sees it.
struct JobSlot {
  Ledger* ledger = nullptr;
  unsigned lane = 0;
  std::uint64_t index = 0;
  void set_state(JobState state) noexcept;
  void* result() noexcept;
  void add_units(std::uint64_t units) noexcept;
};

struct ResultLayout {
  std::size_t size;
  std::size_t alignment;
};

class RunState {
 public:
  explicit RunState(std::unique_ptr<Ledger> ledger);
  RunState(RunState&&) noexcept;
  RunState& operator=(RunState&&) noexcept;
  ~RunState();

  std::unique_ptr<Ledger> ledger;
  std::vector<WorkerRow> workers;
  double fork_seconds = 0;                                    // until the last worker was started
  double join_seconds = 0;                                    // since none had more to do
  std::vector<std::pair<std::uint64_t, ExitStatus>> killers;  // jobs that killed two workers
  std::vector<std::pair<std::uint64_t, std::string>> texts;   // of failures that left one
  std::string trouble;                                        // why jobs were left undone
  std::optional<int> stopped_by;
};

using Body = std::function<void(JobSlot)>;
using Undo = std::function<Undone(std::uint64_t, JobState)>;

RunState run_jobs(std::uint64_t count, ResultLayout layout, const Body& body, const Undo& undo,
                  const PoolOptions& options);
JobState state_of(const Ledger& ledger, std::uint64_t index) noexcept;
const void* result_of(const Ledger& ledger, std::uint64_t index) noexcept;

}  // namespace detail

// What a body gets to tell how far its job is.
template <class Result>
class Job {
 public:
  explicit Job(detail::JobSlot slot) : slot_(slot) {}
  void creating() noexcept { slot_.set_state(JobState::creating); }
  void created() noexcept { slot_.set_state(JobState::created); }
  Result& result() noexcept { return *static_cast<Result*>(slot_.result()); }
  void add_units(std::uint64_t units) noexcept { slot_.add_units(units); }

  // The number of the worker that claimed it, below lanes_of(): what bodies keep in memory that
  // they share with the driver, one place a lane, has one writer at a time. Only a job's own
  // process may outlive its killed worker, by the moment that it takes to be killed too.
  unsigned lane() const noexcept { return slot_.lane; }

 private:
  detail::JobSlot slot_;
};

// How a run went, and the results themselves. Owns the ledger's memory.
template <class Result>
class PoolRun {
 public:
  explicit PoolRun(std::uint64_t count, detail::RunState state)
      : count_(count), state_(std::move(state)) {}

  std::uint64_t size() const noexcept { return count_; }

  // After the run only untouched (never begun), done and failed are left.
  JobState state(std::uint64_t index) const noexcept {
    return detail::state_of(*state_.ledger, index);
  }
  // What the body left there: of a failed job as far as it got, zero bytes where it wrote nothing.
  const Result& result(std::uint64_t index) const noexcept {
    return *static_cast<const Result*>(detail::result_of(*state_.ledger, index));
  }

  const std::vector<WorkerRow>& workers() const noexcept { return state_.workers; }
  double fork_seconds() const noexcept { return state_.fork_seconds; }
  // From when the last worker had no more to do until all had been waited for.
  double join_seconds() const noexcept { return state_.join_seconds; }

  // Jobs that were given up since each killed the worker that did it, twice: the last status.
  const std::vector<std::pair<std::uint64_t, ExitStatus>>& killers() const noexcept {
    return state_.killers;
  }
  // The what() of failures: the first of each worker, at most 255 bytes of it.
  const std::vector<std::pair<std::uint64_t, std::string>>& texts() const noexcept {
    return state_.texts;
  }
  // Why untouched jobs were left, where it was not a failure: "cannot start a worker process: …".
  const std::string& trouble() const noexcept { return state_.trouble; }
  std::optional<int> stopped_by() const noexcept { return state_.stopped_by; }

 private:
  std::uint64_t count_;
  detail::RunState state_;
};

// Calls body(index, Job<Result>&) once for every index below `count`; returns when every worker has
// ended: the barrier. `undo(index, state)` runs in the driver, after all workers have ended, for a
// job that a dead worker left in `creating` or `created`; it may be empty where bodies use neither.
//
// Throws Error where not one worker could be started (EAGAIN, ENOMEM), or no memory for the ledger;
// std::logic_error in a process that may have no children (ream::Process), unless `placement` is
// in_process. The caller must be the only thread that runs while this forks, or know that no other
// holds a lock that a body needs.
template <class Result, class F>
PoolRun<Result> run_jobs(std::uint64_t count, F&& body,
                         const std::function<Undone(std::uint64_t, JobState)>& undo = {},
                         const PoolOptions& options = {}) {
  static_assert(std::is_trivially_copyable_v<Result>, "results live in shared memory");
  auto run_one = [&body](detail::JobSlot slot) {
    Job<Result> job(slot);
    body(slot.index, job);
  };
  return PoolRun<Result>(
      count, detail::run_jobs(count, {sizeof(Result), alignof(Result)}, run_one, undo, options));
}

}  // namespace ream
