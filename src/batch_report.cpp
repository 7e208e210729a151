#include "batch_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <unordered_map>

namespace ream {

namespace {

using sink::EntryResult;

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
    const auto job = job_or_place(index);
    const auto& result = run_.result(index);
    if (const auto killer = killers_.find(index); killer != killers_.end()) {
      add_text(index, job.path,
               fmt::format("the worker that wrote it was {}, twice", killer->second.to_string()));
    } else if (result.kind() == EntryResult::Kind::failure) {
      add_failure(report_, index, job, result.error(job));
    } else {
      const auto text = texts_.find(index);
      add_text(index, job.path, text == texts_.end() ? "it could not be written" : text->second);
    }
  }

 private:
  // The source may have changed, so that the job cannot be read any more; it still has a place.
  FileJob job_or_place(std::uint64_t index) {
    try {
      return plan_.job(index, *scratch_);
    } catch (const std::exception&) {
      place_ = plan_.place(index);
      FileJob job;
      job.path = place_;
      return job;
    }
  }

  void add_text(std::uint64_t index, std::string_view path, const std::string& text) {
    report_.failures.push_back(
        {index, std::string(path), Operation::run, 0, fmt::format("{}: {}", quoted(path), text)});
  }

  Report& report_;
  const Plan& plan_;
  const BatchRun& run_;
  std::unique_ptr<Plan::Scratch> scratch_;
  std::unordered_map<std::uint64_t, ExitStatus> killers_;
  std::unordered_map<std::uint64_t, std::string> texts_;
  std::string place_;
};

}  // namespace

void add_failure(Report& report, std::uint64_t index, const FileJob& job, const Error& error) {
  std::string text = error.what();
  if (error.path() != job.path) text = fmt::format("{}: {}", quoted(job.path), text);
  report.failures.push_back(
      {index, std::string(job.path), error.operation(), error.error_number(), std::move(text)});
}

void report_run(Report& report, const Plan& plan, const BatchRun& run) {
  FailureReporter failures(report, plan, run);
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    switch (run.state(index)) {
      case JobState::done:
        report.files += run.result(index).kind() == EntryResult::Kind::file;
        report.bytes += run.result(index).size();
        break;
      case JobState::failed:
        failures.report(index);
        break;
      default:
        report.not_attempted.push_back(index);
    }
  }
  for (const auto& row : run.workers()) {
    report.workers.push_back({row.pid, row.jobs, row.units, row.seconds, row.status});
  }
  report.jobs = run.size();
  report.trouble = run.trouble();
  report.stopped_by = run.stopped_by();
}

}  // namespace ream
