#include "ream/batch.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <csignal>
#include <memory>
#include <utility>
#include <vector>

#include "batch_report.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "pool/second_signal.hpp"
#include "ream/clean.hpp"
#include "sink/entry_writer.hpp"
#include "sink/stage.hpp"

namespace ream {

namespace {

using sink::EntryResult;

// One batch, from the first fork to the report.
class Batch {
 public:
  Batch(const Plan& plan, const sink::Stage& stage, const WriteOptions& options,
        const os::StopSignals& stop)
      : plan_(plan),
        options_(options),
        stop_(stop),
        scratch_(plan.make_scratch()),
        writer_(stage.root(), stage.naming()) {}

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
    return report_;
  }

  // Whether a plan that was not checked before should be now: it has two entries with one path, or
  // an entry that cannot be written.
  bool is_suspicious() const noexcept { return may_have_twins_ || !report_.failures.empty(); }

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
          writer_.write(index, job, {[&] { progress.creating(); }, [&] { progress.created(); }});
      progress.result() = result;
      progress.add_units(result.size());
    } catch (const Error& error) {
      progress.result() = EntryResult::failure(error, job);
      throw;
    }
  }

  Undone undo(std::uint64_t index, JobState state) {
    const auto leftover = writer_.undo(index, read_job(index), state == JobState::created, began_);
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

  // Two with one path, or one hash, are neighbours then: what is made twice fails at the second
  // time, except for directories.
  std::vector<std::uint64_t> deepest_first(std::vector<std::uint64_t> indexes) {
    std::vector<DirectoryPlace> places;
    for (const auto index : indexes) places.push_back(place_of_directory(index));
    std::sort(places.begin(), places.end());
    const auto twin = std::adjacent_find(
        places.begin(), places.end(),
        [](const auto& a, const auto& b) { return a.depth == b.depth && a.hash == b.hash; });
    may_have_twins_ = twin != places.end();
    std::transform(places.begin(), places.end(), indexes.begin(),
                   [](const auto& place) { return place.index; });
    return indexes;
  }

  struct DirectoryPlace {
    std::ptrdiff_t depth = 0;  // negative, so that the deepest is the first
    std::size_t hash = 0;
    std::uint64_t index = 0;
    friend auto operator<=>(const DirectoryPlace&, const DirectoryPlace&) = default;
  };

  // Where the job cannot be read any more finish() will say so.
  DirectoryPlace place_of_directory(std::uint64_t index) {
    try {
      const auto path = read_job(index).path;
      return {-std::count(path.begin(), path.end(), '/'), std::hash<std::string_view>{}(path),
              index};
    } catch (const std::exception&) {
      return {0, static_cast<std::size_t>(index), index};
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
  bool may_have_twins_ = false;
  Report report_;
};

void check(const Plan& plan, const WriteOptions& options) {
  if (plan.is_known_good()) return;
  check_plan(plan, options.placement == Placement::in_process ? 1 : options.workers);
}

// What cannot be removed hinders nobody, and is there for the next attempt.
void clean_up_after_the_dead(const boost::filesystem::path& directory) {
  try {
    clean(directory);
  } catch (const Error&) {
  }
}

sink::Target look_at(const boost::filesystem::path& directory, Atomic atomic) {
  sink::Target target(directory);
  const bool other_name = target.by_link && target.directory && atomic == Atomic::batch;
  return other_name ? sink::Target(boost::filesystem::canonical(directory)) : std::move(target);
}

Atomic decide(Atomic atomic, const sink::Target& target) {
  if (atomic != Atomic::automatic) return atomic;
  return sink::can_be_staged(target) ? Atomic::batch : Atomic::file;
}

std::unique_ptr<sink::Stage> make_stage(Atomic atomic, const sink::Target& target) {
  if (atomic == Atomic::batch) return sink::stage_beside(target);
  return sink::stage_in_place(target, atomic == Atomic::file ? sink::FilesAppear::whole
                                                             : sink::FilesAppear::while_they_grow);
}

void withdraw(Report& report) {
  report.withdrawn = true;
  report.files = report.links = report.directories = report.bytes = 0;
}

bool has_anything(const Report& report) {
  return report.files + report.links + report.directories > 0;
}

}  // namespace

Report write_batch(const Plan& plan, const boost::filesystem::path& directory,
                   const WriteOptions& options) {
  const os::IgnoredSignal file_size_limit(SIGXFSZ);  // the write then says EFBIG, and has a name
  const os::Stopwatch stopwatch;
  clean_up_after_the_dead(directory);
  const auto target = look_at(directory, options.atomic);
  const auto atomic = decide(options.atomic, target);
  // Where nobody sees the batch before it is complete, writing it is the check.
  if (atomic != Atomic::batch) check(plan, options);
  const double plan_seconds = stopwatch.seconds();
  const os::StopSignals stop(options.stop_signals, second_signal_of(options.placement));
  const auto stage = make_stage(atomic, target);
  Batch batch(plan, *stage, options, stop);
  auto report = batch.run();
  report.seconds.plan = plan_seconds;
  if (stage->is_private()) {
    if (batch.is_suspicious() && !report.stopped_by) check(plan, options);
    plan.check_source();
    if (!report.complete()) withdraw(report);
  }
  if (report.complete() || has_anything(report)) stage->publish();
  return report;
}

}  // namespace ream
