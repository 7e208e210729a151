#include "ream/batch.hpp"

#include <csignal>
#include <memory>
#include <stdexcept>

#include "batch/batch_report.hpp"
#include "batch/clean_before_a_batch.hpp"
#include "batch/durability.hpp"
#include "batch/entry_runs.hpp"
#include "batch/prune.hpp"
#include "batch/run_record.hpp"
#include "batch/sums_file.hpp"
#include "batch/way_of_a_batch.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "pool/second_signal.hpp"
#include "sink/stage.hpp"

namespace ream {

namespace {

Report not_begun(const Plan& plan, int stopped_by) {
  Report report;
  report.jobs = plan.size();
  report.stopped_by = stopped_by;
  report.not_attempted.push_back({0, plan.size()});
  return report;
}

// Files that come to the disk together have their names only after that.
sink::FilesAppear appearance_of_files(Sync sync) {
  return sync == Sync::batch ? sink::FilesAppear::together : sink::FilesAppear::one_by_one;
}

std::unique_ptr<sink::Stage> make_stage(Atomic atomic, const WriteOptions& options,
                                        const sink::Target& target) {
  if (atomic == Atomic::batch) return sink::stage_beside(target, options.if_exists);
  if (atomic == Atomic::none) return sink::stage_in_place(target);
  return sink::stage_file_by_file(target, options.if_exists, appearance_of_files(options.sync));
}

bool may_be_obstructed(Atomic atomic, IfExists if_exists, const sink::Target& target) {
  return if_exists == IfExists::fail && atomic != Atomic::batch &&
         target.found == sink::Target::Found::populated_directory;
}

// One batch on its way to its place, once a stage is there.
class Course {
 public:
  Course(const Plan& plan, sink::Stage& stage, const sink::Target& target,
         const WriteOptions& options, const os::StopSignals& stop)
      : plan_(plan),
        options_(options),
        stop_(stop),
        stage_(stage),
        shown_(target.path),
        durability_(options.sync, plan.size(), stage, target.path),
        sums_(sums_file(target.path)),
        record_(run_record(target.path)),
        digests_(digest_table()),
        runs_(plan, place(target), options, stop) {}

  // Where there is anything, that is all that comes of the batch.
  bool is_obstructed() {
    if (!runs_.find_obstacles()) return false;
    tidy();
    return true;
  }

  void run() {
    runs_.write();
    if (stage_.is_private()) {
      appear_as_a_whole();
    } else if (stage_.naming().appearance == sink::Appearance::later) {
      appear_together();
    } else {
      appear_one_by_one();
    }
    if (sums_ && report().complete()) write_sums();
    if (record_ && !report().withdrawn) update_record();
    report().changed = is_changed();
    tidy();
    put_in_order(report());
  }

  Report& report() noexcept { return runs_.report(); }

 private:
  EntryRuns::Place place(const sink::Target& target) {
    auto naming = stage_.naming();
    naming.write_back = durability_.of_files();
    return {stage_.root(), naming, stage_.is_private() ? IfExists::fail : options_.if_exists,
            target.path, digests_ ? &*digests_ : nullptr};
  }

  std::optional<SumsFile> sums_file(const boost::filesystem::path& directory) const {
    if (options_.sums.empty()) return std::nullopt;
    const auto end = options_.sums_end_with_nul ? text::LineEnd::nul : text::LineEnd::newline;
    return std::optional<SumsFile>(std::in_place, options_.sums, end, durable_file(), directory);
  }

  PublishedFile::Durable durable_file() const noexcept {
    return durability_.is_wanted() ? PublishedFile::Durable::yes : PublishedFile::Durable::no;
  }

  std::optional<sink::DigestTable> digest_table() const {
    if (options_.sums.empty() && options_.record.empty()) return std::nullopt;
    return std::optional<sink::DigestTable>(plan_.size());
  }

  std::optional<RunRecord> run_record(const boost::filesystem::path& directory) const {
    if (options_.record.empty()) return std::nullopt;
    return std::optional<RunRecord>(
        std::in_place, options_.record, durable_file(), directory,
        record_origin(options_.record, directory, options_.record_source));
  }

  // Nobody sees anything before publish().
  void appear_as_a_whole() {
    runs_.finish();
    if (runs_.is_suspicious() && !report().stopped_by) check_plan_of_batch(plan_, options_);
    plan_.check_source();
    if (stop_.count() > 0) report().stopped_by = stop_.last();
    if (!report().complete() || report().stopped_by) return withdraw();
    const bool published = attempt([&] {
      stage_.prepare();
      sync_what_was_written();
      if (stop_.count() == 0) publish();  // a sync may take minutes
    });
    if (stop_.count() > 0) report().stopped_by = stop_.last();
    if (!published || report().stopped_by) return withdraw();
    sync_publication();
  }

  // Nobody sees a file before all are on the disk.
  void appear_together() {
    const bool named = attempt([&] {
      if (durability_.is_by_filesystem()) timed_sync([&] { durability_.sync_filesystem(); });
      plan_.check_source();
      runs_.publish_files();
    });
    if (!named) {
      runs_.withdraw();
      return withdraw();
    }
    runs_.finish();
    if (!report().complete() && !has_anything()) return;
    publish();
    report().unsynced = !attempt([&] { timed_sync([&] { runs_.sync_directories(); }); });
    sync_publication();
  }

  void appear_one_by_one() {
    runs_.finish();
    if (!report().complete() && !has_anything()) return;
    publish();
    report().unsynced = !attempt([&] { sync_what_was_written(); });
    sync_publication();
  }

  void sync_what_was_written() {
    if (!durability_.is_wanted()) return;
    timed_sync([&] {
      durability_.is_by_filesystem() ? durability_.sync_filesystem() : runs_.sync_directories();
    });
  }

  void publish() {
    const os::Stopwatch stopwatch;
    stage_.publish();
    report().seconds.publish += stopwatch.seconds();
  }

  void sync_publication() {
    if (!durability_.is_wanted()) return;
    const bool synced = attempt([&] { timed_sync([&] { stage_.sync_publication(); }); });
    if (synced) return;
    report().unsynced = true;
    stage_.keep_replaced();
  }

  void write_sums() {
    const bool written = attempt([&] {
      runs_.for_each_file([&](std::uint64_t index, std::string_view path) {
        sums_->add((*digests_)[index], path);
      });
      plan_.check_source();  // where a path comes from now
      sums_->publish();
    });
    report().without_sums = !written;
  }

  // What is there of a batch that is not complete is added to what was.
  void update_record() {
    const bool recorded = attempt([&] {
      record_what_is_there();
      for (const auto& entry : left_of_earlier_runs()) record_->add(entry);
      plan_.check_source();
      record_->publish();
    });
    report().unpruned |= !recorded;
  }

  void record_what_is_there() {
    sink::Tree tree(stage_.root());
    const auto add = [&](const std::optional<RecordEntry>& entry) {
      if (entry) record_->add(*entry);
    };
    runs_.for_each_file_or_link([&](std::uint64_t index, const FileJob& job, const auto& result) {
      const auto* link = std::get_if<SymlinkTo>(&job.content);
      add(link == nullptr ? entry_of_file(tree, job.path, (*digests_)[index], result)
                          : entry_of_link(tree, job.path, link->target));
    });
    for (const auto& path : runs_.made_directories()) add(entry_of_directory(path));
  }

  std::vector<RecordEntry> left_of_earlier_runs() {
    const auto rest = record_->rest();
    if (!report().complete() || report().stopped_by) return rest;
    const os::Stopwatch stopwatch;
    auto [stale, left] = find_stale(rest, plan_);
    auto pruned = prune(stage_.root(), shown_, stale, plan_, pool_options_of(options_));
    report().removed = pruned.removed.size();
    report().changed |= pruned.removed_directories > 0;
    report().kept = std::move(pruned.kept);
    report().unpruned = !pruned.trouble.empty() || pruned.stopped_by;
    if (report().trouble.empty()) report().trouble = std::move(pruned.trouble);
    if (pruned.stopped_by) report().stopped_by = pruned.stopped_by;
    left.insert(left.end(), pruned.left.begin(), pruned.left.end());
    report().seconds.publish += stopwatch.seconds();
    return std::move(left);
  }

  bool is_changed() {
    // Attributes of what was there stay as they were set.
    if (report().withdrawn) return report().changed && !stage_.is_private();
    if (report().changed || stage_.is_private() || has_written() || report().removed > 0)
      return true;
    if (report().stopped_by || may_have_lost_what_was_there()) return true;
    return report().directories > 0 && !runs_.made_directories().empty();
  }

  // What is replaced in its place is gone before the new is complete.
  bool may_have_lost_what_was_there() {
    return stage_.naming().appearance == sink::Appearance::in_place && !report().failures.empty();
  }

  // What cannot be removed, of the old or of what was taken back, is there for the next run to
  // remove.
  void tidy() {
    if (runs_.leaves_something()) stage_.keep_mark();
    attempt([&] { stage_.tidy(); });
    if (sums_) attempt([&] { sums_->tidy(); });
    if (record_) attempt([&] { record_->tidy(); });
  }

  // What fails once files are written is the batch's own trouble: the first is told.
  template <class Action>
  bool attempt(Action action) {
    try {
      action();
      return true;
    } catch (const std::runtime_error& error) {  // Error
      return tell(error);
    } catch (const std::invalid_argument& error) {  // InputError: a plan that has changed
      return tell(error);
    }
  }

  bool tell(const std::exception& problem) {
    if (report().trouble.empty()) report().trouble = problem.what();
    return false;
  }

  template <class Action>
  void timed_sync(Action action) {
    const os::Stopwatch stopwatch;
    action();
    report().seconds.sync += stopwatch.seconds();
  }

  void withdraw() {
    report().withdrawn = true;
    report().files = report().links = report().directories = report().bytes = 0;
  }

  bool has_written() { return report().files + report().links > 0; }
  bool has_anything() { return report().files + report().links + report().directories > 0; }

  const Plan& plan_;
  const WriteOptions& options_;
  const os::StopSignals& stop_;
  sink::Stage& stage_;
  const boost::filesystem::path shown_;
  Durability durability_;
  std::optional<SumsFile> sums_;
  std::optional<RunRecord> record_;
  std::optional<sink::DigestTable> digests_;
  EntryRuns runs_;
};

}  // namespace

Report write_batch(const Plan& plan, const boost::filesystem::path& directory,
                   const WriteOptions& options) {
  check_options(options);
  const os::IgnoredSignal file_size_limit(SIGXFSZ);  // the write then says EFBIG, and has a name
  const os::Stopwatch stopwatch;
  clean_before_a_batch(directory);
  const auto target = look_at_target(directory, options.atomic);
  const auto atomic = decide(options.atomic, target);
  // Where nobody sees the batch before it is complete, writing it is the check.
  if (atomic != Atomic::batch) {
    if (const auto stopped_by = check_plan_of_batch(plan, options))
      return not_begun(plan, *stopped_by);
  }
  const double plan_seconds = stopwatch.seconds();
  const os::StopSignals stop(options.stop_signals, second_signal_of(options.placement));
  const auto stage = make_stage(atomic, options, target);
  Course course(plan, *stage, target, options, stop);
  const bool obstructed =
      may_be_obstructed(atomic, options.if_exists, target) && course.is_obstructed();
  if (!obstructed && options.before_writing) options.before_writing();
  if (!obstructed) course.run();
  course.report().seconds.plan = plan_seconds;
  return std::move(course.report());
}

}  // namespace ream
