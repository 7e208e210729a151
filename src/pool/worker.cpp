#include "pool/worker.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <exception>

#include "os/clock.hpp"
#include "os/process.hpp"
#include "os/signals.hpp"
#include "ream/error.hpp"
#include "ream/process.hpp"

namespace ream::detail {

namespace {

// How long a worker waits for room in the process table before it gives its job up.
constexpr int start_attempts = 100;
constexpr int start_pause_ms = 10;

void fail(const WorkerTask& task, unsigned lane, std::uint64_t index, std::string_view what) {
  task.ledger.lane(lane).note_text(index, what);
  task.ledger.set_state(index, JobState::failed);
  if (!task.options.keep_going) task.ledger.stop();
}

bool no_room_for_a_process(const Error& error) {
  return error.operation() == Operation::start_process &&
         (error.error_number() == EAGAIN || error.error_number() == ENOMEM);
}

bool has_ended(JobState state) {
  return state == JobState::done || state == JobState::failed;
}

ExitStatus start_and_wait(Process& process) {
  for (int attempt = 1;; ++attempt) {
    try {
      process.start();
      process.join();
      return process.exit_status().value();
    } catch (const Error& error) {
      if (!no_room_for_a_process(error) || attempt == start_attempts) throw;
      os::sleep_milliseconds(start_pause_ms);
    }
  }
}

// Ends the worker as its job's process ended: the index in its lane is then the one to blame.
[[noreturn]] void end_likewise(const ExitStatus& status) {
  if (const auto* signalled = std::get_if<Signalled>(&status.how())) {
    os::disable_core_dump();  // the job's own process has left the one that matters
    os::end_by_signal(signalled->signal);
  }
  const auto* exited = std::get_if<Exited>(&status.how());
  os::exit_child(exited != nullptr ? exited->code : 1);
}

class JobProcess final : public Process {
 public:
  JobProcess(const WorkerTask& task, unsigned lane, std::uint64_t index)
      : Process({.name = fmt::format("job {}", index), .daemon = false, .ends_with_parent = true}),
        task_(task),
        lane_(lane),
        index_(index) {
    keep_descriptor(task.alive);
  }

  void run() override { do_job(task_, lane_, index_); }

 private:
  const WorkerTask& task_;
  unsigned lane_;
  std::uint64_t index_;
};

void do_job_in_process_of_its_own(const WorkerTask& task, unsigned lane, std::uint64_t index) {
  try {
    JobProcess process(task, lane, index);
    const auto status = start_and_wait(process);
    if (!status.success() || !has_ended(task.ledger.state(index))) end_likewise(status);
  } catch (const Error& error) {
    fail(task, lane, index, error.what());
  }
}

void claim_and_do(const WorkerTask& task, unsigned lane) {
  auto& ledger = task.ledger;
  const bool own_process = task.options.placement == Placement::process_per_job;
  while (!ledger.stopped()) {
    const auto range = ledger.claim(task.round.size);
    if (range.begin == range.end) return;
    for (auto position = range.begin; position < range.end && !ledger.stopped(); ++position) {
      const auto index = task.round.index(position);
      ledger.lane(lane).in_hand.store(index + 1, std::memory_order_relaxed);
      if (task.options.on_claim) task.options.on_claim();
      if (own_process) {
        do_job_in_process_of_its_own(task, lane, index);
      } else {
        do_job(task, lane, index);
      }
      ledger.lane(lane).in_hand.store(0, std::memory_order_relaxed);
    }
  }
}

}  // namespace

void do_job(const WorkerTask& task, unsigned lane, std::uint64_t index) {
  try {
    task.body(JobSlot{&task.ledger, lane, index});
    task.ledger.set_state(index, JobState::done);
  } catch (const std::exception& error) {
    fail(task, lane, index, error.what());
  } catch (...) {
    fail(task, lane, index, "unknown exception");
  }
  task.ledger.lane(lane).jobs.fetch_add(1, std::memory_order_relaxed);
}

void work(const WorkerTask& task, unsigned lane) {
  const os::Stopwatch stopwatch;
  claim_and_do(task, lane);
  task.ledger.lane(lane).seconds.store(stopwatch.seconds(), std::memory_order_relaxed);
  task.ledger.lane(lane).until.store(task.since_start.seconds(), std::memory_order_relaxed);
}

}  // namespace ream::detail
