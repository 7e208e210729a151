#include "batch/dry_run.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "batch/batch_report.hpp"
#include "batch/prune.hpp"
#include "batch/run_record.hpp"
#include "batch/sums_file.hpp"
#include "batch/way_of_a_batch.hpp"
#include "ream/error.hpp"
#include "sink/entry_writer.hpp"
#include "sink/stage.hpp"

namespace ream {

namespace {

using sink::EntryResult;

void check_files(const WriteOptions& options, const boost::filesystem::path& directory) {
  if (!options.sums.empty()) check_place_of_file(options.sums, SumsFile::what, directory);
  if (!options.record.empty()) check_place_of_file(options.record, RunRecord::what, directory);
}

// Everything would be new: nothing is there, or what is there goes as a whole.
bool is_all_new(Atomic atomic, const sink::Target& target) {
  return atomic == Atomic::batch || target.found == sink::Target::Found::nothing;
}

class Foresight {
 public:
  Foresight(const Plan& plan, const std::function<void(std::string_view)>& would_write)
      : plan_(plan), scratch_(plan.make_scratch()), would_write_(would_write) {}

  void see_all_new() {
    for (std::uint64_t index = 0; index < plan_.size(); ++index) write(index);
  }

  void see(const sink::Target& target, const WriteOptions& options) {
    auto pool = pool_options_of(options);
    pool.keep_going = true;
    sink::EntryWriter writer(target.directory.get(), {}, options.if_exists);
    const auto run = run_jobs<EntryResult>(
        plan_.size(),
        [&](std::uint64_t index, Job<EntryResult>& job) {
          foresee(writer, plan_.job(index, *scratch_), job.result());
        },
        {}, pool);
    forecast_.stopped_by = run.stopped_by();
    if (forecast_.stopped_by) return;
    tell_what_is_in_the_way(run);
    const bool refused = options.if_exists == IfExists::fail && !forecast_.in_the_way.empty();
    for (std::uint64_t index = 0; index < run.size() && !refused; ++index) {
      count(run.result(index), index);
    }
  }

  void see_what_goes(const sink::Target& target, const WriteOptions& options,
                     const RecordEntries& recorded) {
    std::vector<RecordEntry> earlier;
    for (const auto& [path, entry] : recorded) earlier.push_back(entry);
    auto stale = find_stale(earlier, plan_).stale;
    std::sort(stale.begin(), stale.end(), is_before);
    auto pruned = prune(target.directory.get(), target.path, stale, plan_, pool_options_of(options),
                        Removal::is_foreseen);
    forecast_.removed = std::move(pruned.removed);
    forecast_.kept = std::move(pruned.kept);
    forecast_.stopped_by = pruned.stopped_by;
    forecast_.trouble = std::move(pruned.trouble);
  }

  // Nothing is pruned else.
  bool is_complete() const noexcept {
    return !forecast_.stopped_by && forecast_.in_the_way.empty();
  }

  Forecast& forecast() noexcept { return forecast_; }

 private:
  static void foresee(sink::EntryWriter& writer, const FileJob& job, EntryResult& result) {
    try {
      result = writer.foresee(job);
    } catch (const Error& error) {
      result = EntryResult::failure(error, job);
      throw;
    }
  }

  void tell_what_is_in_the_way(const BatchRun& run) {
    Report report;
    report_run(report, plan_, run);
    for (const auto& failure : report.failures) forecast_.in_the_way.push_back(failure.text);
    if (!report.trouble.empty()) throw std::runtime_error(report.trouble);
  }

  void count(const EntryResult& result, std::uint64_t index) {
    forecast_.unchanged += result.is_as_it_was();
    forecast_.skipped += result.kind() == EntryResult::Kind::skipped;
    const bool written = result.kind() == EntryResult::Kind::file ||
                         result.kind() == EntryResult::Kind::link ||
                         result.kind() == EntryResult::Kind::directory;
    if (written) write(index);
  }

  void write(std::uint64_t index) {
    ++forecast_.written;
    would_write_(plan_.job(index, *scratch_).path);
  }

  const Plan& plan_;
  const std::unique_ptr<Plan::Scratch> scratch_;
  const std::function<void(std::string_view)>& would_write_;
  Forecast forecast_;
};

RecordEntries recorded_before(const WriteOptions& options, const sink::Target& target) {
  if (options.record.empty()) return {};
  return read_record(options.record,
                     record_origin(options.record, target.path, options.record_source));
}

}  // namespace

Forecast foresee_batch(const Plan& plan, const boost::filesystem::path& directory,
                       const WriteOptions& options,
                       const std::function<void(std::string_view)>& would_write) {
  check_options(options);
  const auto target = look_at_target(directory, options.atomic);
  const auto atomic = decide(options.atomic, target);
  if (const auto signal = check_plan_of_batch(plan, options)) return {.stopped_by = signal};
  check_files(options, target.path);
  if (target.found == sink::Target::Found::something_else) {
    throw Error(Operation::open_directory, target.path.native(), ENOTDIR);
  }
  if (atomic == Atomic::batch) sink::check_place_of_stage(target, options.if_exists);
  const auto recorded = recorded_before(options, target);  // read, and refused, in any case
  Foresight foresight(plan, would_write);
  if (is_all_new(atomic, target)) {
    foresight.see_all_new();
  } else {
    foresight.see(target, options);
    if (foresight.is_complete()) foresight.see_what_goes(target, options, recorded);
  }
  plan.check_source();
  return std::move(foresight.forecast());
}

}  // namespace ream
