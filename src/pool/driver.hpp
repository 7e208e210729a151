// The driver of one run: starts workers, waits for them, replaces the dead, and settles what they
// left, round by round, until every job has an end.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "os/clock.hpp"
#include "os/private_fd.hpp"
#include "os/signals.hpp"
#include "pool/leave.hpp"
#include "pool/ledger.hpp"
#include "pool/second_signal.hpp"
#include "pool/worker.hpp"
#include "ream/error.hpp"
#include "ream/pool.hpp"
#include "ream/process.hpp"

namespace ream::detail {

class Driver {
 public:
  Driver(Ledger& ledger, const Body& body, const Undo& undo, const PoolOptions& options,
         RunState& state, os::Stopwatch since_start)
      : ledger_(ledger),
        body_(body),
        undo_(undo),
        options_(options),
        state_(state),
        since_start_(since_start),
        stop_signals_(options.stop_signals, second_signal_of(options.placement)),
        leave_(options.slots) {}

  // Whatever is thrown: no worker runs any more then, and what they had in hand is undone.
  void run();

 private:
  // A worker that runs. `alive` is at its end when the worker and its job's process are gone.
  struct Running {
    std::unique_ptr<Process> process;  // none: its lane is free
    os::PrivateFd alive;
    os::Stopwatch since;
  };

  WorkerTask task(int alive = -1) const {
    return {ledger_, body_, options_, round_, since_start_, alive};
  }
  void run_in_process();
  void run_rounds();
  void run_round();
  bool abandon() noexcept;
  void give_up(const Error& error);
  void start_workers();
  void add_workers();
  bool start_worker(unsigned lane);
  Running fork_worker(unsigned lane);
  void wait_for_an_event();
  void obey_stop_signals();
  void end_worker(unsigned lane);
  void blame(const ExitStatus& status, unsigned lane);
  void replace_if_useful(unsigned lane);
  unsigned count_running() const;
  bool could_use_another() const;
  void wait_for_orphans();
  void settle_unfinished();
  void settle(std::uint64_t index);
  JobState after_undo(std::uint64_t index);
  bool has_killed_too_often(std::uint64_t index) const;
  void report_progress();
  void note_the_barrier() noexcept;
  std::uint64_t jobs_ended() const;
  void collect(unsigned lane, int pid, double seconds, const ExitStatus& status);

  Ledger& ledger_;
  const Body& body_;
  const Undo& undo_;
  const PoolOptions& options_;
  RunState& state_;
  const os::Stopwatch since_start_;
  os::StopSignals stop_signals_;
  Leave leave_;  // until no worker runs any more, and before a signal may end this process

  Round round_;
  std::vector<Running> running_;        // one for each lane
  std::vector<os::PrivateFd> orphans_;  // `alive` of workers that died
  std::map<std::uint64_t, unsigned> deaths_;
  std::uint64_t ended_before_ = 0;  // jobs and units of workers that have ended
  std::uint64_t units_before_ = 0;
  std::uint64_t ended_at_last_death_ = 0;
  unsigned idle_deaths_ = 0;
  bool somebody_died_ = false;  // in this round
  bool has_room_ = true;        // for one more process, as far as this round knows
  bool ever_started_ = false;
};

}  // namespace ream::detail
