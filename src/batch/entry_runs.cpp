#include "batch/entry_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "batch/directories.hpp"
#include "os/clock.hpp"

namespace ream {

using sink::EntryResult;

namespace {

// The pool would ask again in each run.
unsigned workers_of(const Plan& plan, const WriteOptions& options) {
  PoolOptions pool;
  pool.workers = options.workers;
  pool.placement = options.placement;
  return lanes_of(plan.size(), pool);
}

}  // namespace

EntryRuns::EntryRuns(const Plan& plan, Place place, const WriteOptions& options,
                     const os::StopSignals& stop)
    : plan_(plan),
      place_(std::move(place)),
      options_(options),
      stop_(stop),
      began_(os::file_clock_now()),
      workers_(workers_of(plan, options)),
      latencies_(options.latency, workers_),
      scratch_(plan.make_scratch()),
      writer_(place_.root, place_.naming, place_.if_exists, place_.digests) {}

PoolOptions EntryRuns::pool_options() const {
  PoolOptions pool;
  pool.workers = workers_;
  pool.slots = options_.slots;
  pool.placement = options_.placement;
  pool.keep_going = options_.keep_going;
  pool.stop_signals = options_.stop_signals;
  return pool;
}

// In a worker. What fails is left for the report.
template <class Action>
void EntryRuns::do_entry(std::uint64_t index, Job<EntryResult>& progress, Action action) {
  const auto job = read_job(index);
  try {
    action(job);
  } catch (const Error& error) {
    progress.result() = EntryResult::failure(error, job);
    throw;
  }
}

bool EntryRuns::find_obstacles() {
  auto options = pool_options();
  options.keep_going = true;
  const auto look = [this](std::uint64_t index, Job<EntryResult>& found) {
    do_entry(index, found, [&](const FileJob& job) { writer_.look_for_obstacle(job); });
  };
  const auto run = run_jobs<EntryResult>(plan_.size(), look, {}, options);
  Report report;
  report_run(report, plan_, run);
  if (report.complete()) return false;
  report.obstructed = !report.failures.empty();
  report_ = std::move(report);
  return true;
}

void EntryRuns::write() {
  const os::Stopwatch stopwatch;
  written_.emplace(run_jobs<EntryResult>(
      plan_.size(),
      [this](std::uint64_t index, Job<EntryResult>& progress) { write_entry(index, progress); },
      [this](std::uint64_t index, JobState state) { return undo(index, state); },
      options_of_writing()));
  report_run(report_, plan_, *written_,
             appear_later() ? CountFiles::when_published : CountFiles::when_written);
  count_complete_already();
  report_times(report_, *written_);
  report_.latency = latencies_.merged();
  report_.seconds.write += stopwatch.seconds();
}

PoolOptions EntryRuns::options_of_writing() {
  auto options = pool_options();
  if (options_.on_progress) {
    options.on_progress = [this](const PoolProgress& progress) {
      options_.on_progress({progress.jobs_ended, progress.units});
      latencies_.pause();
    };
  }
  // In the other placements a claim follows the end of the file before.
  if (latencies_.are_wanted() && options_.placement == Placement::process_per_job) {
    options.on_claim = [this] { latencies_.claim(); };
  }
  return options;
}

void EntryRuns::write_entry(std::uint64_t index, Job<EntryResult>& progress) {
  FileLatencies::File file(latencies_, progress.lane());
  writer_.record_steps_in(latencies_.steps_of(progress.lane()));
  do_entry(index, progress, [&](const FileJob& job) {
    const auto result =
        writer_.write(index, job, {[&] { progress.creating(); }, [&] { progress.created(); }});
    progress.result() = result;
    progress.add_units(result.size());
    if (result.kind() == EntryResult::Kind::file) file.is_written();
  });
}

Undone EntryRuns::undo(std::uint64_t index, JobState state) {
  const auto leftover = writer_.undo(index, read_job(index), state == JobState::created, began_);
  if (!leftover.complete_size) return Undone::redo;
  complete_already_.push_back(*leftover.complete_size);
  return Undone::done;
}

// No worker has left a result for these.
void EntryRuns::count_complete_already() {
  report_.files += complete_already_.size();
  for (const auto size : complete_already_) report_.bytes += size;
}

bool EntryRuns::appear_later() const noexcept {
  return place_.naming.appearance == sink::Appearance::later;
}

// Each file is complete: that one cannot have its name keeps no other from its own.
void EntryRuns::publish_files() {
  const os::Stopwatch stopwatch;
  auto options = pool_options();
  options.keep_going = true;
  const auto run = run_jobs<EntryResult>(
      plan_.size(),
      [this](std::uint64_t index, Job<EntryResult>& progress) { publish_entry(index, progress); },
      [this](std::uint64_t index, JobState) { return undo_publication(index); }, options);
  report_publication(report_, plan_, *written_, run);
  report_.latency = latencies_.merged();
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    if (!is_written_file(*written_, index)) continue;
    if (run.state(index) != JobState::done) {
      attempt_to_remove([&] { writer_.withdraw_file(index, read_job(index)); });
    }
    if (run.result(index).kind() == EntryResult::Kind::skipped) left_out_.push_back(index);
  }
  report_.seconds.publish += stopwatch.seconds();
}

void EntryRuns::publish_entry(std::uint64_t index, Job<EntryResult>& progress) {
  if (!is_written_file(*written_, index)) return;
  writer_.record_steps_in(latencies_.steps_of(progress.lane()));
  do_entry(index, progress, [&](const FileJob& job) {
    progress.creating();
    progress.result() = writer_.publish_file(index, job, written_->result(index));
  });
}

Undone EntryRuns::undo_publication(std::uint64_t index) {
  return writer_.is_published(index, read_job(index)) ? Undone::done : Undone::redo;
}

void EntryRuns::withdraw() {
  for (const auto index : done_of_kind(EntryResult::Kind::file)) {
    attempt_to_remove([&] { writer_.withdraw_file(index, read_job(index)); });
  }
  for (const auto& path : touched_directories()) {
    if (path.empty()) continue;
    attempt_to_remove([&] { writer_.withdraw_directory(path, began_); });
  }
}

template <class Action>
void EntryRuns::attempt_to_remove(Action action) {
  try {
    action();
  } catch (const Error& error) {
    if (!leaves_something_) {
      if (!report_.trouble.empty()) report_.trouble += "; ";
      report_.trouble += fmt::format("{} ('ream clean' removes what is left)", error.what());
    }
    leaves_something_ = true;
  }
}

void EntryRuns::finish() {
  const os::Stopwatch stopwatch;
  finish(done_of_kind(EntryResult::Kind::link),
         [this](std::uint64_t index, const FileJob& job) { return writer_.make_link(index, job); });
  finish(deepest_first(done_of_kind(EntryResult::Kind::directory)),
         [this](std::uint64_t, const FileJob& job) {
           report_.changed |= writer_.finish_directory(job, began_);
           return EntryResult::directory();
         });
  if (stop_.count() > 0) report_.stopped_by = stop_.last();
  report_.seconds.write += stopwatch.seconds();
}

std::vector<std::uint64_t> EntryRuns::done_of_kind(EntryResult::Kind kind) const {
  std::vector<std::uint64_t> indexes;
  for (std::uint64_t index = 0; index < written_->size(); ++index) {
    const bool done = written_->state(index) == JobState::done;
    if (done && written_->result(index).kind() == kind) indexes.push_back(index);
  }
  return indexes;
}

// Two with one path, or one hash, are neighbours then: what is made twice fails at the second time,
// except for directories. Where a job cannot be read any more finish() will say so.
std::vector<std::uint64_t> EntryRuns::deepest_first(std::vector<std::uint64_t> indexes) {
  std::vector<DirectoryPlace> places;
  for (const auto index : indexes) {
    try {
      places.push_back(place_of_directory(read_job(index).path, index));
    } catch (const std::exception&) {
      places.push_back({0, static_cast<std::size_t>(index), index});
    }
  }
  std::sort(places.begin(), places.end());
  may_have_twins_ = has_twins(places);
  std::transform(places.begin(), places.end(), indexes.begin(),
                 [](const auto& place) { return place.index; });
  return indexes;
}

template <class Action>
void EntryRuns::finish(const std::vector<std::uint64_t>& indexes, Action action) {
  for (const auto index : indexes) {
    const bool attempted = !must_stop();
    if (!attempted) add_not_attempted(report_, index);
    if (!attempted || !finish_one(index, action)) left_out_.push_back(index);
  }
  std::sort(left_out_.begin(), left_out_.end());
}

// Whether it is there as the plan says.
template <class Action>
bool EntryRuns::finish_one(std::uint64_t index, Action action) {
  try {
    const auto job = read_job(index);
    try {
      const EntryResult result = action(index, job);
      count(report_, result);
      return result.kind() != EntryResult::Kind::skipped;
    } catch (const Error& error) {
      add_failure(report_, index, job, error);
    }
  } catch (const std::exception& unreadable) {  // its source has changed since it was checked
    add_failure(report_, index, plan_.place(index), unreadable.what());
  }
  return false;
}

bool EntryRuns::must_stop() const {
  return stop_.count() > 0 || (!options_.keep_going && !report_.failures.empty());
}

std::vector<std::string> EntryRuns::touched_directories() {
  TouchedDirectories touched;
  for (std::uint64_t index = 0; index < written_->size(); ++index) {
    if (written_->state(index) != JobState::done) continue;
    const auto path = read_job(index).path;
    const bool directory = written_->result(index).kind() == EntryResult::Kind::directory;
    directory ? touched.add(path) : touched.add_parent_of(path);
  }
  return touched.deepest_first();
}

std::vector<std::string> EntryRuns::made_directories() {
  auto paths = touched_directories();
  std::erase_if(paths, [this](const std::string& path) {
    return path.empty() || (!place_.naming.alone && !writer_.is_new_directory(path, began_));
  });
  return paths;
}

void EntryRuns::sync_directories() {
  for (const auto& path : touched_directories()) {
    try {
      writer_.sync_directory(path);
    } catch (const Error& error) {
      throw Error(error.operation(), (path.empty() ? place_.shown : place_.shown / path).native(),
                  error.error_number(), error.reason());
    }
  }
}

}  // namespace ream
