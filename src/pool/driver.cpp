#include "pool/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <span>

#include "os/process.hpp"
#include "ream/error.hpp"

namespace ream::detail {

namespace {

// A job that has killed so many workers is not tried again.
constexpr unsigned most_deaths_of_a_job = 2;
// Workers that die without a job in hand, one after the other and with nothing done in between,
// before the driver stops starting others.
constexpr unsigned most_idle_deaths = 16;

// The driver decides when to stop; a Ctrl-C goes to the whole foreground process group.
std::vector<int> ignored_by_workers(std::vector<int> stop_signals) {
  stop_signals.insert(stop_signals.end(), os::stop_signals.begin(), os::stop_signals.end());
  stop_signals.insert(stop_signals.end(), {SIGPIPE, SIGXFSZ});
  return stop_signals;
}

// Ends with the driver, and may fork.
class WorkerProcess final : public Process {
 public:
  WorkerProcess(unsigned lane, int alive, std::function<void()> work, std::vector<int> ignored)
      : Process({.name = fmt::format("worker {}", lane + 1),
                 .daemon = false,
                 .ends_with_parent = true,
                 .grace = std::chrono::milliseconds(0)}),  // SIGTERM is among what it ignores
        work_(std::move(work)),
        ignored_(std::move(ignored)) {
    fork_in_calling_thread();  // run() waits for it
    keep_descriptor(alive);
  }

  void run() override { work_(); }

 protected:
  void set_up_signals() override {
    for (const int signal : ignored_) os::ignore_signal(signal);
  }

 private:
  std::function<void()> work_;
  std::vector<int> ignored_;
};

}  // namespace

void Driver::run() {
  round_.size = ledger_.count();
  if (options_.placement == Placement::in_process) {
    run_in_process();
  } else {
    run_rounds();
  }
  note_the_barrier();
  report_progress();
  if (stop_signals_.count() > 0) state_.stopped_by = stop_signals_.last();
}

void Driver::run_rounds() {
  try {
    while (round_.size > 0) run_round();
  } catch (const Error& error) {
    if (!abandon() || !ever_started_) throw;
    give_up(error);
  } catch (...) {
    abandon();
    throw;
  }
}

// The workers cannot be waited for any more, and have been ended. What is done is done.
void Driver::give_up(const Error& error) {
  if (round_.redo.empty()) return;
  state_.trouble = error.what();
  ledger_.stop();
}

bool Driver::abandon() noexcept try {
  for (auto& worker : running_) {
    if (!worker.process) continue;
    worker.process->kill();
    worker.process->join();
    orphans_.push_back(std::move(worker.alive));
  }
  wait_for_orphans();
  round_.redo.clear();
  settle_unfinished();
  return true;
} catch (const std::exception&) {  // the first error is the one to tell
  return false;
}

void Driver::run_in_process() {
  const os::Stopwatch stopwatch;
  os::Stopwatch since_progress;
  const double interval = std::chrono::duration<double>(options_.progress_interval).count();
  for (std::uint64_t index = 0; index < ledger_.count() && !ledger_.stopped(); ++index) {
    if (stop_signals_.count() > 0) break;
    if (options_.on_claim) options_.on_claim();
    do_job(task(), 0, index);
    if (options_.on_progress && since_progress.seconds() >= interval) {
      report_progress();
      since_progress = {};
    }
  }
  collect(0, os::current_pid(), stopwatch.seconds(), ExitStatus{});
}

void Driver::run_round() {
  somebody_died_ = false;
  ledger_.start_round();
  start_workers();
  while (count_running() > 0) wait_for_an_event();
  wait_for_orphans();
  round_.redo.clear();
  if (somebody_died_) settle_unfinished();
  round_.size = ledger_.stopped() ? 0 : round_.redo.size();
}

void Driver::start_workers() {
  const os::Stopwatch stopwatch;
  const auto wanted = static_cast<unsigned>(std::min<std::uint64_t>(ledger_.lanes(), round_.size));
  running_.clear();
  running_.resize(wanted);
  has_room_ = true;
  add_workers();
  state_.fork_seconds += stopwatch.seconds();
}

// As many as there is leave for, and room. Where leave is counted none is taken that is of no use.
void Driver::add_workers() {
  for (unsigned lane = 0; lane < running_.size() && has_room_; ++lane) {
    if (running_[lane].process) continue;
    if (options_.slots != nullptr && ledger_.all_claimed(round_.size)) break;
    if (!leave_.extend_to(count_running() + 1)) break;
    has_room_ = start_worker(lane);
  }
  leave_.shrink_to(count_running());
}

bool Driver::could_use_another() const {
  return has_room_ && !ledger_.stopped() && !ledger_.all_claimed(round_.size) &&
         count_running() < running_.size();
}

// False: there is no room for one more. That is an error only where there never was a worker.
bool Driver::start_worker(unsigned lane) {
  try {
    running_[lane] = fork_worker(lane);
    ever_started_ = true;
    return true;
  } catch (const Error& error) {
    if (count_running() > 0) return false;
    if (!ever_started_) throw;
    state_.trouble = error.what();
    ledger_.stop();
    return false;
  }
}

Driver::Running Driver::fork_worker(unsigned lane) {
  os::Pipe alive;
  if (options_.placement == Placement::process_per_job) alive = os::make_pipe();
  auto process = std::make_unique<WorkerProcess>(
      lane, alive.write.get(), [&] { work(task(alive.write.get()), lane); },
      ignored_by_workers(options_.stop_signals));
  process->start();
  return {std::move(process), std::move(alive.read), {}};
}

unsigned Driver::count_running() const {
  return static_cast<unsigned>(
      std::count_if(running_.begin(), running_.end(),
                    [](const Running& worker) { return worker.process != nullptr; }));
}

void Driver::wait_for_an_event() {
  // Those that run, only: poll() takes no more entries than the process may have descriptors.
  std::vector<int> fds;
  std::vector<unsigned> lanes;
  for (unsigned lane = 0; lane < running_.size(); ++lane) {
    if (!running_[lane].process) continue;
    fds.push_back(running_[lane].process->sentinel());
    lanes.push_back(lane);
  }
  fds.push_back(stop_signals_.wake_fd());
  fds.push_back(could_use_another() ? leave_.descriptor() : -1);
  const auto ready = std::make_unique<bool[]>(fds.size());
  const bool timed = static_cast<bool>(options_.on_progress);
  const auto until = timed ? os::Clock::now() + options_.progress_interval : os::never;
  os::poll_readable(fds, {ready.get(), fds.size()}, until);
  obey_stop_signals();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (ready[i]) end_worker(lanes[i]);
  }
  if (ready[fds.size() - 1] && could_use_another()) add_workers();
  report_progress();
}

void Driver::obey_stop_signals() {
  if (stop_signals_.count() == 0) return;
  ledger_.stop();
  stop_signals_.clear();
  if (stop_signals_.count() < 2) return;
  for (auto& worker : running_) {
    if (worker.process) worker.process->kill();
  }
}

void Driver::end_worker(unsigned lane) {
  auto& worker = running_[lane];
  const auto process = std::exchange(worker.process, nullptr);
  process->join();
  const auto status = process->exit_status().value();
  // A job that leaves by _exit(0) ends its worker as surely as a signal does.
  const bool died = !status.success() || ledger_.lane(lane).in_hand.load() != 0;
  if (died) {
    somebody_died_ = true;
    blame(status, lane);
    orphans_.push_back(std::move(worker.alive));
  }
  collect(lane, process->pid(), worker.since.seconds(), status);
  if (died) replace_if_useful(lane);
  leave_.shrink_to(count_running());
}

void Driver::blame(const ExitStatus& status, unsigned lane) {
  const auto in_hand = ledger_.lane(lane).in_hand.load();
  if (in_hand == 0 || stop_signals_.count() >= 2) return;
  const auto index = in_hand - 1;
  const auto state = ledger_.state(index);
  if (state == JobState::done || state == JobState::failed) return;
  idle_deaths_ = 0;
  if (++deaths_[index] == most_deaths_of_a_job) state_.killers.emplace_back(index, status);
}

void Driver::replace_if_useful(unsigned lane) {
  const auto ended = jobs_ended();
  if (ended > ended_at_last_death_) idle_deaths_ = 0;
  ended_at_last_death_ = ended;
  if (++idle_deaths_ > most_idle_deaths) {
    state_.trouble = fmt::format("workers die before they do anything: the last was {}",
                                 state_.workers.back().status.to_string());
    ledger_.stop();
  }
  if (!ledger_.stopped() && !ledger_.all_claimed(round_.size)) start_worker(lane);
}

// A killed worker's job process is killed with it, but may need a moment; what it has in hand must
// not be undone before it is gone.
void Driver::wait_for_orphans() {
  for (const auto& alive : orphans_) {
    if (alive) os::wait_readable(alive.get(), os::never);
  }
  orphans_.clear();
}

void Driver::settle_unfinished() {
  for (std::uint64_t index = 0; index < ledger_.count(); ++index) {
    const auto state = ledger_.state(index);
    if (state != JobState::done && state != JobState::failed) settle(index);
  }
}

void Driver::settle(std::uint64_t index) {
  auto state = after_undo(index);
  if (state == JobState::failed && !options_.keep_going) ledger_.stop();
  // This stops nothing: what kills its worker says nothing of the other jobs.
  if (state == JobState::untouched && has_killed_too_often(index)) state = JobState::failed;
  if (state == JobState::untouched) round_.redo.push_back(index);
  ledger_.set_state(index, state);
}

JobState Driver::after_undo(std::uint64_t index) {
  const auto state = ledger_.state(index);
  if (state == JobState::untouched || !undo_) return JobState::untouched;
  try {
    return undo_(index, state) == Undone::done ? JobState::done : JobState::untouched;
  } catch (const std::exception& error) {
    state_.texts.emplace_back(index, error.what());
    return JobState::failed;
  }
}

bool Driver::has_killed_too_often(std::uint64_t index) const {
  const auto deaths = deaths_.find(index);
  return deaths != deaths_.end() && deaths->second >= most_deaths_of_a_job;
}

std::uint64_t Driver::jobs_ended() const {
  auto ended = ended_before_;
  for (unsigned lane = 0; lane < ledger_.lanes(); ++lane) ended += ledger_.lane(lane).jobs.load();
  return ended;
}

void Driver::report_progress() {
  if (!options_.on_progress) return;
  auto units = units_before_;
  for (unsigned lane = 0; lane < ledger_.lanes(); ++lane) units += ledger_.lane(lane).units.load();
  options_.on_progress({jobs_ended(), units});
}

void Driver::note_the_barrier() noexcept {
  double last = 0;
  for (const auto& worker : state_.workers) last = std::max(last, worker.until);
  state_.join_seconds = since_start_.seconds() - last;
}

// Takes what a worker that has ended left in its lane, and makes the lane ready for the next.
void Driver::collect(unsigned number, int pid, double seconds, const ExitStatus& status) {
  auto& lane = ledger_.lane(number);
  const auto jobs = lane.jobs.exchange(0);
  const auto units = lane.units.exchange(0);
  const auto own_seconds = lane.seconds.exchange(0);
  const auto own_until = lane.until.exchange(0);
  ended_before_ += jobs;
  units_before_ += units;
  state_.workers.push_back({pid, jobs, units, own_seconds > 0 ? own_seconds : seconds,
                            own_until > 0 ? own_until : since_start_.seconds(), status});
  if (const auto text_of = lane.text_of.exchange(0); text_of != 0) {
    state_.texts.emplace_back(text_of - 1, lane.text.data());
  }
  lane.in_hand = 0;
}

}  // namespace ream::detail
