#include "ream/batch.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>
#include <vector>

#include "batch_report.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "pool/second_signal.hpp"
#include "sink/entry_writer.hpp"
#include "sink/stage.hpp"

namespace ream {

namespace {

using sink::EntryResult;

// One batch, from the first fork to the report.
class Batch {
 public:
  Batch(const Plan& plan, int root, const WriteOptions& options, const os::StopSignals& stop)
      : plan_(plan), options_(options), stop_(stop), scratch_(plan.make_scratch()), writer_(root) {}

  Report run() {
    const os::Stopwatch stopwatch;
    const auto run = write_files();
    report_run(report_, plan_, run);
    count_complete_already();
    finish_links_and_directories(run);
    put_in_order(report_);
    if (stop_.count() > 0) report_.stopped_by = stop_.last();
    report_.seconds.fork = run.fork_seconds();
    report_.seconds.write = stopwatch.seconds();
    return std::move(report_);
  }

 private:
  BatchRun write_files() {
    return run_jobs<EntryResult>(
        plan_.size(),
        [this](std::uint64_t index, Job<EntryResult>& progress) { write_entry(index, progress); },
        [this](std::uint64_t index, JobState state) { return undo(index, state); }, pool_options());
  }

  PoolOptions pool_options() const {
    PoolOptions pool;
    pool.workers = options_.workers;
    pool.placement = options_.placement;
    pool.keep_going = options_.keep_going;
    pool.stop_signals = options_.stop_signals;
    if (options_.on_progress) {
      pool.on_progress = [this](const PoolProgress& progress) {
        options_.on_progress({progress.jobs_ended, progress.units});
      };
    }
    return pool;
  }

  // In a worker.
  void write_entry(std::uint64_t index, Job<EntryResult>& progress) {
    const auto job = read_job(index);
    try {
      const auto result =
          writer_.write(job, {[&] { progress.creating(); }, [&] { progress.created(); }});
      progress.result() = result;
      progress.add_units(result.size());
    } catch (const Error& error) {
      progress.result() = EntryResult::failure(error, job);
      throw;
    }
  }

  Undone undo(std::uint64_t index, JobState state) {
    const auto leftover = writer_.undo(read_job(index), state == JobState::created, began_);
    if (!leftover.complete_size) return Undone::redo;
    complete_already_.push_back(*leftover.complete_size);
    return Undone::done;
  }

  // No worker has left a result for these.
  void count_complete_already() {
    report_.files += complete_already_.size();
    for (const auto size : complete_already_) report_.bytes += size;
  }

  // Links come after all files and directories, so that nothing is ever written through one;
  // directories get their mode and mtime last, the deepest first, when nothing beneath them will
  // change any more.
  void finish_links_and_directories(const BatchRun& run) {
    report_.links = finish(done_of_kind(run, EntryResult::Kind::link),
                           [this](const FileJob& job) { writer_.make_link(job); });
    report_.directories = finish(deepest_first(done_of_kind(run, EntryResult::Kind::directory)),
                                 [this](const FileJob& job) { writer_.finish_directory(job); });
  }

  static std::vector<std::uint64_t> done_of_kind(const BatchRun& run, EntryResult::Kind kind) {
    std::vector<std::uint64_t> indexes;
    for (std::uint64_t index = 0; index < run.size(); ++index) {
      const bool done = run.state(index) == JobState::done;
      if (done && run.result(index).kind() == kind) indexes.push_back(index);
    }
    return indexes;
  }

  std::vector<std::uint64_t> deepest_first(std::vector<std::uint64_t> indexes) {
    std::vector<std::pair<std::ptrdiff_t, std::uint64_t>> by_depth;
    for (const auto index : indexes) by_depth.emplace_back(-depth(index), index);
    std::sort(by_depth.begin(), by_depth.end());
    std::transform(by_depth.begin(), by_depth.end(), indexes.begin(),
                   [](const auto& entry) { return entry.second; });
    return indexes;
  }

  // 0 where the job cannot be read any more: finish() will say so.
  std::ptrdiff_t depth(std::uint64_t index) {
    try {
      const auto path = read_job(index).path;
      return std::count(path.begin(), path.end(), '/');
    } catch (const std::exception&) {
      return 0;
    }
  }

  // Returns how many were finished.
  template <class Action>
  std::uint64_t finish(const std::vector<std::uint64_t>& indexes, Action action) {
    std::uint64_t finished = 0;
    for (const auto index : indexes) {
      if (must_stop()) {
        add_not_attempted(report_, index);
      } else {
        finished += finish_one(index, action) ? 1U : 0U;
      }
    }
    return finished;
  }

  template <class Action>
  bool finish_one(std::uint64_t index, Action action) {
    try {
      const auto job = read_job(index);
      try {
        action(job);
        return true;
      } catch (const Error& error) {
        add_failure(report_, index, job, error);
      }
    } catch (const std::exception& unreadable) {  // its source has changed since it was checked
      add_failure(report_, index, plan_.place(index), unreadable.what());
    }
    return false;
  }

  bool must_stop() const {
    return stop_.count() > 0 || (!options_.keep_going && !report_.failures.empty());
  }

  FileJob read_job(std::uint64_t index) { return plan_.job(index, *scratch_); }

  const Plan& plan_;
  const WriteOptions& options_;
  const os::StopSignals& stop_;
  const FileTime began_ = os::file_clock_now();
  // Each process goes on with its own copy of these, as the fork left them.
  std::unique_ptr<Plan::Scratch> scratch_;
  sink::EntryWriter writer_;
  std::vector<std::uint64_t> complete_already_;  // sizes
  Report report_;
};

void check_if_needed(const Plan& plan, const WriteOptions& options) {
  if (plan.is_known_good()) return;
  check_plan(plan, options.placement == Placement::in_process ? 1 : options.workers);
}

}  // namespace

Report write_batch(const Plan& plan, const boost::filesystem::path& directory,
                   const WriteOptions& options) {
  const os::IgnoredSignal file_size_limit(SIGXFSZ);  // the write then says EFBIG, and has a name
  const os::Stopwatch stopwatch;
  check_if_needed(plan, options);
  const double plan_seconds = stopwatch.seconds();
  const os::StopSignals stop(options.stop_signals, second_signal_of(options.placement));
  sink::Stage stage(directory);
  auto report = Batch(plan, stage.root(), options, stop).run();
  report.seconds.plan = plan_seconds;
  if (report.files + report.links + report.directories > 0) stage.publish();
  return report;
}

}  // namespace ream
