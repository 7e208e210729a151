#include "batch/batch_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <unordered_map>

namespace ream {

namespace {

using sink::EntryResult;

bool is_counted_later(const EntryResult& result, CountFiles files) {
  if (result.kind() == EntryResult::Kind::file) return files == CountFiles::when_published;
  return result.kind() == EntryResult::Kind::link || result.kind() == EntryResult::Kind::directory;
}

class FailureReporter {
 public:
  FailureReporter(Report& report, const Plan& plan, const BatchRun& run)
      : report_(report),
        plan_(plan),
        run_(run),
        scratch_(plan.make_scratch()),
        killers_(run.killers().begin(), run.killers().end()),
        texts_(run.texts().begin(), run.texts().end()) {}

  void report(std::uint64_t index) {
    try {
      report(index, plan_.job(index, *scratch_));
    } catch (const std::exception& unreadable) {  // its source has changed since it was checked
      add_failure(report_, index, plan_.place(index), unreadable.what());
    }
  }

 private:
  void report(std::uint64_t index, const FileJob& job) {
    const auto& result = run_.result(index);
    if (const auto killer = killers_.find(index); killer != killers_.end()) {
      add_failure(report_, index, job.path,
                  fmt::format("the worker that wrote it {}, twice", ended_text(killer->second)));
    } else if (result.kind() == EntryResult::Kind::failure) {
      add_failure(report_, index, job, result.error(job));
    } else {
      const auto text = texts_.find(index);
      add_failure(report_, index, job.path,
                  text == texts_.end() ? "it could not be written" : text->second);
    }
  }

  static std::string ended_text(const ExitStatus& status) {
    const bool by_signal = std::holds_alternative<Signalled>(status.how());
    return (by_signal ? "was " : "") + status.to_string();
  }

  Report& report_;
  const Plan& plan_;
  const BatchRun& run_;
  std::unique_ptr<Plan::Scratch> scratch_;
  std::unordered_map<std::uint64_t, ExitStatus> killers_;
  std::unordered_map<std::uint64_t, std::string> texts_;
};

}  // namespace

void add_failure(Report& report, std::uint64_t index, const FileJob& job, const Error& error) {
  std::string text = error.what();
  if (error.path() != job.path) text = fmt::format("{}: {}", ream::quoted(job.path), text);
  report.failures.push_back(
      {index, std::string(job.path), error.operation(), error.error_number(), std::move(text)});
}

void add_failure(Report& report, std::uint64_t index, std::string_view path,
                 std::string_view text) {
  report.failures.push_back({index, std::string(path), Operation::run, 0,
                             fmt::format("{}: {}", ream::quoted(path), text)});
}

void add_not_attempted(Report& report, std::uint64_t index) {
  auto& ranges = report.not_attempted;
  if (!ranges.empty() && ranges.back().last == index) {
    ++ranges.back().last;
  } else {
    ranges.push_back({index, index + 1});
  }
}

void put_in_order(Report& report) {
  std::sort(report.failures.begin(), report.failures.end(),
            [](const Failure& a, const Failure& b) { return a.index < b.index; });
  std::sort(report.not_attempted.begin(), report.not_attempted.end(),
            [](const IndexRange& a, const IndexRange& b) { return a.first < b.first; });
}

void count(Report& report, const EntryResult& result) {
  report.files += result.kind() == EntryResult::Kind::file;
  report.bytes += result.size();
  report.links += result.kind() == EntryResult::Kind::link;
  report.directories += result.kind() == EntryResult::Kind::directory;
  report.unchanged += result.is_as_it_was();
  report.changed |= result.kind() == EntryResult::Kind::touched;
  report.skipped += result.kind() == EntryResult::Kind::skipped;
}

void report_run(Report& report, const Plan& plan, const BatchRun& run, CountFiles files) {
  FailureReporter failures(report, plan, run);
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    switch (run.state(index)) {
      case JobState::done:
        if (!is_counted_later(run.result(index), files)) count(report, run.result(index));
        break;
      case JobState::failed:
        failures.report(index);
        break;
      default:
        add_not_attempted(report, index);
    }
  }
  for (const auto& row : run.workers()) {
    report.workers.push_back({row.pid, row.jobs, row.units, row.seconds, row.status});
  }
  report.jobs = run.size();
  report.trouble = run.trouble();
  report.stopped_by = run.stopped_by();
}

// One that died has not said when; where all did, that they were waited for is all there is.
void report_times(Report& report, const BatchRun& run) {
  std::vector<double> done;
  for (const auto& row : run.workers()) {
    report.last_done_seconds = std::max(report.last_done_seconds, row.until);
    if (row.status.success()) done.push_back(row.until);
  }
  const auto first = std::min_element(done.begin(), done.end());
  report.first_done_seconds = first == done.end() ? report.last_done_seconds : *first;
  report.seconds.fork = run.fork_seconds();
  report.seconds.join = run.join_seconds();
}

bool is_written_file(const BatchRun& run, std::uint64_t index) noexcept {
  return run.state(index) == JobState::done && run.result(index).kind() == EntryResult::Kind::file;
}

// One that its worker died of has no result, but is complete.
bool is_file_as_planned(const BatchRun& run, std::uint64_t index) noexcept {
  if (run.state(index) != JobState::done) return false;
  const auto kind = run.result(index).kind();
  return kind == EntryResult::Kind::file || run.result(index).is_as_it_was() ||
         kind == EntryResult::Kind::none;
}

void report_publication(Report& report, const Plan& plan, const BatchRun& written,
                        const BatchRun& published) {
  FailureReporter failures(report, plan, published);
  for (std::uint64_t index = 0; index < written.size(); ++index) {
    if (!is_written_file(written, index)) continue;
    if (published.state(index) == JobState::failed) {
      failures.report(index);
    } else if (published.state(index) != JobState::done) {
      add_not_attempted(report, index);
    } else {  // a process that died after all was done has left no result
      const auto& how = published.result(index);
      count(report, how.kind() == EntryResult::Kind::none ? written.result(index) : how);
    }
  }
  if (report.trouble.empty()) report.trouble = published.trouble();
}

}  // namespace ream
