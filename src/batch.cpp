#include "ream/batch.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "batch_report.hpp"
#include "clean_before_a_batch.hpp"
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
  Batch(const Plan& plan, const sink::Stage& stage, const WriteOptions& options,
        const os::StopSignals& stop)
      : plan_(plan),
        options_(options),
        stop_(stop),
        scratch_(plan.make_scratch()),
        writer_(stage.root(), stage.naming(),
                stage.is_private() ? IfExists::fail : options.if_exists) {}

  // What is in the way of each entry, where there is anything.
  std::optional<Report> find_obstacles() {
    auto options = pool_options();
    options.keep_going = true;
    options.on_progress = {};
    const auto run = run_jobs<EntryResult>(
        plan_.size(),
        [this](std::uint64_t index, Job<EntryResult>& found) { look_for_obstacle(index, found); },
        {}, options);
    Report report;
    report_run(report, plan_, run);
    if (report.complete()) return std::nullopt;
    report.obstructed = !report.failures.empty();
    return report;
  }

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

  // In a worker. What fails is left for the report.
  template <class Action>
  void do_entry(std::uint64_t index, Job<EntryResult>& progress, Action action) {
    const auto job = read_job(index);
    try {
      action(job);
    } catch (const Error& error) {
      progress.result() = EntryResult::failure(error, job);
      throw;
    }
  }

  void look_for_obstacle(std::uint64_t index, Job<EntryResult>& progress) {
    do_entry(index, progress, [&](const FileJob& job) { writer_.look_for_obstacle(job); });
  }

  void write_entry(std::uint64_t index, Job<EntryResult>& progress) {
    do_entry(index, progress, [&](const FileJob& job) {
      const auto result =
          writer_.write(index, job, {[&] { progress.creating(); }, [&] { progress.created(); }});
      progress.result() = result;
      progress.add_units(result.size());
    });
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
    finish(
        done_of_kind(run, EntryResult::Kind::link),
        [this](std::uint64_t index, const FileJob& job) { return writer_.make_link(index, job); });
    finish(deepest_first(done_of_kind(run, EntryResult::Kind::directory)),
           [this](std::uint64_t, const FileJob& job) {
             writer_.finish_directory(job, began_);
             return EntryResult::directory();
           });
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

  template <class Action>
  void finish(const std::vector<std::uint64_t>& indexes, Action action) {
    for (const auto index : indexes) {
      if (must_stop()) {
        add_not_attempted(report_, index);
      } else {
        finish_one(index, action);
      }
    }
  }

  template <class Action>
  void finish_one(std::uint64_t index, Action action) {
    try {
      const auto job = read_job(index);
      try {
        count(report_, action(index, job));
      } catch (const Error& error) {
        add_failure(report_, index, job, error);
      }
    } catch (const std::exception& unreadable) {  // its source has changed since it was checked
      add_failure(report_, index, plan_.place(index), unreadable.what());
    }
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
    clean_before_a_batch(directory);
  } catch (const Error&) {
  }
}

sink::Target look_at(const boost::filesystem::path& directory, Atomic atomic) {
  sink::Target target(directory);
  const bool other_name = target.by_link && target.directory && atomic == Atomic::batch;
  return other_name ? sink::Target(sink::real_path(directory)) : std::move(target);
}

Atomic decide(Atomic atomic, const sink::Target& target) {
  if (atomic != Atomic::automatic) return atomic;
  return sink::can_be_staged(target) ? Atomic::batch : Atomic::file;
}

std::unique_ptr<sink::Stage> make_stage(Atomic atomic, IfExists if_exists,
                                        const sink::Target& target) {
  if (atomic == Atomic::batch) return sink::stage_beside(target, if_exists);
  if (atomic == Atomic::file) return sink::stage_file_by_file(target, if_exists);
  return sink::stage_in_place(target);
}

void check_options(const WriteOptions& options) {
  const bool keeps = options.if_exists == IfExists::skip || options.if_exists == IfExists::update;
  if (options.atomic != Atomic::batch || !keeps) return;
  throw std::invalid_argument("a batch that replaces the directory keeps nothing of what is there");
}

void withdraw(Report& report) {
  report.withdrawn = true;
  report.files = report.links = report.directories = report.bytes = 0;
}

bool may_be_obstructed(Atomic atomic, IfExists if_exists, const sink::Target& target) {
  return if_exists == IfExists::fail && atomic != Atomic::batch &&
         target.found == sink::Target::Found::populated_directory;
}

// What cannot be removed, of the old or of what was taken back, is there for the next run to
// remove.
void tidy(sink::Stage& stage, Report& report) {
  try {
    stage.tidy();
  } catch (const Error& error) {
    report.trouble = error.what();
  }
}

bool has_anything(const Report& report) {
  return report.files + report.links + report.directories > 0;
}

}  // namespace

Report write_batch(const Plan& plan, const boost::filesystem::path& directory,
                   const WriteOptions& options) {
  check_options(options);
  const os::IgnoredSignal file_size_limit(SIGXFSZ);  // the write then says EFBIG, and has a name
  const os::Stopwatch stopwatch;
  clean_up_after_the_dead(directory);
  const auto target = look_at(directory, options.atomic);
  const auto atomic = decide(options.atomic, target);
  // Where nobody sees the batch before it is complete, writing it is the check.
  if (atomic != Atomic::batch) check(plan, options);
  const double plan_seconds = stopwatch.seconds();
  const os::StopSignals stop(options.stop_signals, second_signal_of(options.placement));
  const auto stage = make_stage(atomic, options.if_exists, target);
  Batch batch(plan, *stage, options, stop);
  if (may_be_obstructed(atomic, options.if_exists, target)) {
    if (auto obstructed = batch.find_obstacles()) return *obstructed;
  }
  auto report = batch.run();
  report.seconds.plan = plan_seconds;
  if (stage->is_private()) {
    if (batch.is_suspicious() && !report.stopped_by) check(plan, options);
    plan.check_source();
    if (stop.count() > 0) report.stopped_by = stop.last();
    if (!report.complete() || report.stopped_by) withdraw(report);
  }
  if (!report.withdrawn && (report.complete() || has_anything(report))) stage->publish();
  tidy(*stage, report);
  return report;
}

}  // namespace ream
