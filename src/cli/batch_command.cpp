#include "cli/batch_command.hpp"

#include <boost/filesystem/operations.hpp>

#include "batch/dry_run.hpp"
#include "batch/published_file.hpp"
#include "cli/batch_messages.hpp"
#include "cli/command.hpp"
#include "cli/listing_output.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "cli/say.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/batch.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

bool write_report(const std::string& path, const Report& report) {
  try {
    write_output_file(path, to_json(report));
    return true;
  } catch (const Error& error) {
    say(error.what());
    return false;
  }
}

bool is_absent(const std::string& directory) {
  boost::system::error_code unknown;
  return boost::filesystem::status(directory, unknown).type() == boost::filesystem::file_not_found;
}

WriteOptions write_options(const BatchSettings& settings) {
  WriteOptions options;
  options.workers = settings.workers.most;
  options.slots = settings.workers.slots.get();
  options.placement = settings.placement;
  options.keep_going = settings.keep_going;
  options.atomic = settings.atomic;
  options.sync = settings.sync;
  options.if_exists = settings.if_exists;
  options.sums = settings.sums_file;
  options.record = settings.make.record;
  options.record_source = settings.manifest;
  options.sums_end_with_nul = settings.list.null_terminated;
  options.stop_signals = {os::stop_signals.begin(), os::stop_signals.end()};
  return options;
}

Report write_with_progress(const Plan& plan, const BatchSettings& settings, MakeFiles& make_files) {
  ProgressLine line(plan.size());
  auto options = write_options(settings);
  options.before_writing = [&] { make_files.begin(); };
  if (settings.show_progress) {
    options.on_progress = [&](const WriteProgress& progress) { line.show(progress); };
  }
  return write_batch(plan, settings.directory, options);
}

// Paths on standard output, in large pieces.
class PathLines {
 public:
  explicit PathLines(bool null_terminated) : end_(null_terminated ? '\0' : '\n') {}

  void add(std::string_view path) {
    text_.append(path) += end_;
    if (text_.size() >= piece_size) flush();
  }
  void flush() {
    os::write_standard_output(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t piece_size = std::size_t{64} << 10;
  const char end_;
  std::string text_;
};

void check_files(const Plan& plan, const BatchSettings& settings) {
  auto written = files_of(settings.make);
  if (!settings.sums_file.empty()) written.push_back({"--sums", settings.sums_file});
  if (!settings.report_file.empty()) written.push_back({"--report", settings.report_file});
  check_distinct(written, settings.manifest, plan);
  const auto& report = settings.report_file;
  if (!report.empty() && !lies_in(report, settings.directory)) check_output_file(report);
}

int run_dry(const Plan& plan, const BatchSettings& settings) {
  PathLines lines(settings.list.null_terminated);
  const auto forecast = foresee_batch(plan, settings.directory, write_options(settings),
                                      [&](std::string_view path) { lines.add(path); });
  if (forecast.stopped_by) os::end_by_signal(*forecast.stopped_by);
  for (const auto& text : forecast.in_the_way) say(text);
  lines.flush();
  for (const auto& path : forecast.removed) {
    say("would be removed: " +
        ream::quoted((boost::filesystem::path(settings.directory) / path).native()));
  }
  for (const auto& kept : forecast.kept) say(kept);
  if (!forecast.trouble.empty()) say(forecast.trouble);
  if (settings.show_summary) say(forecast_text(forecast));
  return forecast.in_the_way.empty() && forecast.trouble.empty() ? all_there : some_missing;
}

}  // namespace

int run_batch(const Plan& plan, const BatchSettings& settings) {
  check_files(plan, settings);
  MakeFiles make_files(settings.make, plan, settings.manifest, settings.directory);
  if (settings.dry_run) return run_dry(plan, settings);
  auto report = write_with_progress(plan, settings, make_files);
  make_files.end(report.changed);
  tell_what_is_missing(report, plan, settings.directory);
  bool good = report.complete() && report.trouble.empty();
  if (report.stopped_by) {
    tell_how_far_it_got(report, settings.directory);
  } else if (!is_absent(settings.directory)) {  // as it is where nothing came of the batch
    const os::Stopwatch stopwatch;
    good = print_listing(settings.directory, settings.list) && good;
    report.seconds.list = stopwatch.seconds();
  }
  if (!settings.report_file.empty()) good = write_report(settings.report_file, report) && good;
  if (report.stopped_by) os::end_by_signal(*report.stopped_by);
  if (settings.show_summary) say(summary_text(report, settings));
  if (good) make_files.publish();
  return good ? all_there : some_missing;
}

}  // namespace ream::cli
