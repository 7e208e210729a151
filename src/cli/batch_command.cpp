#include "cli/batch_command.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <csignal>
#include <fstream>

#include "batch/dry_run.hpp"
#include "cli/choices.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/file_option.hpp"
#include "cli/listing_output.hpp"
#include "cli/progress.hpp"
#include "cli/quantities.hpp"
#include "os/clock.hpp"
#include "os/file.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/batch.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

Placement placement(const Arguments& arguments) {
  if (arguments.flag("serial")) return Placement::in_process;
  return arguments.flag("process-per-file") ? Placement::process_per_job : Placement::pooled;
}

void say(const std::string& text) {
  os::write_standard_error(fmt::format("ream: {}\n", text));
}

std::string written_text(const Report& report) {
  auto text = counted(report.files, "file");
  if (report.links > 0) text += ", " + counted(report.links, "link");
  if (report.directories > 0) {
    text += fmt::format(", {} {}", with_commas(report.directories),
                        report.directories == 1 ? "directory" : "directories");
  }
  text += ", " + readable_bytes(report.bytes);
  if (report.unchanged > 0) text += fmt::format(", {} unchanged", with_commas(report.unchanged));
  if (report.skipped > 0) text += fmt::format(", {} skipped", with_commas(report.skipped));
  if (report.removed > 0) text += fmt::format(", {} removed", with_commas(report.removed));
  return text;
}

std::string summary_text(const Report& report, const BatchSettings& settings) {
  const double seconds =
      report.seconds.plan + report.seconds.write + report.seconds.sync + report.seconds.publish;
  const auto entries = static_cast<double>(report.files + report.links + report.directories +
                                           report.unchanged + report.skipped);
  const auto rate = seconds > 0 ? static_cast<std::uint64_t>(entries / seconds) : 0;
  const auto workers = settings.placement == Placement::in_process
                           ? "in the driver itself"
                           : "by " + counted(report.workers.size(), "worker");
  return fmt::format("{} in {}, {} files/s, {}", written_text(report), readable_seconds(seconds),
                     with_commas(rate), workers);
}

// A manifest that has changed since it was checked may have no path there any more.
std::string path_or_place(const Plan& plan, std::uint64_t index, Plan::Scratch& scratch) {
  try {
    return ream::quoted(plan.job(index, scratch).path);
  } catch (const std::exception&) {
    return plan.place(index);
  }
}

// Again behind the names, of which there may be thousands.
std::string cause_of(const Report& report) {
  return report.failures.empty() ? "" : ": " + report.failures.front().text;
}

void tell_that_nothing_is_there(const Report& report, const std::string& directory) {
  if (!report.trouble.empty()) {  // with the whole
    return say(fmt::format("nothing was published: {} is as it was", ream::quoted(directory)));
  }
  say(
      fmt::format("none of the {} is there: {} is as it was, since a batch appears as a whole or "
                  "not at all (--atomic file keeps what is complete)",
                  counted(report.jobs, "file"), ream::quoted(directory)));
}

void tell_that_nothing_was_written(const Report& report, const std::string& directory) {
  say(fmt::format(
      "nothing was written: {} is as it was, since {} of the {} cannot be made "
      "(--if-exists replace, skip or update say what becomes of what is there)",
      ream::quoted(directory), with_commas(report.failures.size()), counted(report.jobs, "file")));
}

// Names every entry that is not there, and why.
void tell_what_is_missing(const Report& report, const Plan& plan, const std::string& directory) {
  for (const auto& failure : report.failures) say(failure.text);
  if (!report.trouble.empty()) say(report.trouble);
  for (const auto& kept : report.kept) say(kept);
  if (report.unsynced) say("what is there may not be there any more after a power cut");
  if (report.stopped_by) return;  // millions may be missing, and nobody asked for the rest
  if (report.withdrawn) return tell_that_nothing_is_there(report, directory);
  if (report.obstructed) return tell_that_nothing_was_written(report, directory);
  const auto scratch = plan.make_scratch();
  std::uint64_t left = 0;
  for (const auto& range : report.not_attempted) {
    for (auto index = range.first; index < range.last; ++index) {
      say("not written: " + path_or_place(plan, index, *scratch));
    }
    left += range.size();
  }
  if (left == 0) return;
  say(
      fmt::format("{} not written, since the first failure stopped the batch (--keep-going tries "
                  "all){}",
                  with_commas(left), cause_of(report)));
}

void tell_how_far_it_got(const Report& report, const std::string& directory) {
  if (report.withdrawn) {
    return say(fmt::format("stopped by {}: {} is as it was, no file is left",
                           signal_name(*report.stopped_by), ream::quoted(directory)));
  }
  say(fmt::format("stopped by {}: {} of {} are complete, no partial file is left",
                  signal_name(*report.stopped_by),
                  with_commas(report.files + report.links + report.directories + report.unchanged +
                              report.skipped),
                  counted(report.jobs, "file")));
}

bool write_report(const std::string& path, const Report& report) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << to_json(report);
  file.close();
  if (file) return true;
  say(describe_failure(Operation::write, path, errno));
  return false;
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

std::string forecast_text(const Forecast& forecast) {
  auto text = fmt::format("dry run: {} would be written", with_commas(forecast.written));
  if (forecast.unchanged > 0) {
    text += fmt::format(", {} unchanged", with_commas(forecast.unchanged));
  }
  if (forecast.skipped > 0) text += fmt::format(", {} skipped", with_commas(forecast.skipped));
  if (!forecast.removed.empty()) {
    text += fmt::format(", {} removed", with_commas(forecast.removed.size()));
  }
  return text;
}

void check_files(const Plan& plan, const BatchSettings& settings) {
  auto written = files_of(settings.make);
  if (!settings.sums_file.empty()) written.push_back({"--sums", settings.sums_file});
  if (!settings.report_file.empty()) written.push_back({"--report", settings.report_file});
  check_distinct(written, settings.manifest, plan);
}

int run_dry(const Plan& plan, const BatchSettings& settings) {
  PathLines lines(settings.list.null_terminated);
  check_make_files(settings.make, plan, settings.manifest, settings.directory);
  const auto forecast = foresee_batch(plan, settings.directory, write_options(settings),
                                      [&](std::string_view path) { lines.add(path); });
  if (forecast.stopped_by) os::end_by_signal(*forecast.stopped_by);
  for (const auto& text : forecast.in_the_way) say(text);
  lines.flush();
  for (const auto& path : forecast.removed) say("would be removed: " + ream::quoted(path));
  if (settings.show_summary) say(forecast_text(forecast));
  return forecast.in_the_way.empty() ? all_there : some_missing;
}

std::vector<OptionGroup> batch_options() {
  auto workers = option_group("Workers");
  add_jobs_option(workers);
  workers.add_options()("serial", po::bool_switch(), "write in the driver itself, without a fork")(
      "process-per-file", po::bool_switch(), "a process for each file, at most --jobs at once")(
      "keep-going,k", po::bool_switch(), "try every file; else the first failure is the end");
  auto guarantees = option_group("Guarantees");
  guarantees.add_options()("atomic", takes(one_of(atomic_choices)),
                           "what appears whole or not at all (default: auto)")(
      "sync", takes(one_of(sync_choices)), "what is on the disk at the end (default: none)")(
      "if-exists", takes(one_of(if_exists_choices)),
      "what becomes of what is there (default: fail)");
  auto output = option_group("Output");
  add_list_options(output, "what to print at the end (default: names)");
  output.add_options()("sums", takes("FILE"), "the checksums of a complete batch, as by sha256sum")(
      "report", takes("FILE"), "the report as JSON");
  add_progress_options(output, "no progress and no summary");
  output.add_options()("help,h", "this text");
  return {workers, guarantees, make_options(), output, common_options()};
}

std::vector<Variable> batch_variables() {
  return {jobs_variable, progress_variable};
}

std::vector<Exclusion> batch_exclusions() {
  constexpr std::string_view only_whole =
      "--atomic batch replaces DIR as a whole, so nothing in it can be skipped or updated: use "
      "--atomic file, or --if-exists replace";
  auto exclusions = list_exclusions();
  exclusions.insert(
      exclusions.end(),
      {{{{"serial", flag_on}, {"process-per-file", flag_on}},
        "--serial and --process-per-file exclude each other"},
       {{{"serial", flag_on}, {"jobs"}}, "--serial and --jobs exclude each other"},
       {{{"atomic", "batch"}, {"if-exists", "skip"}}, only_whole},
       {{{"atomic", "batch"}, {"if-exists", "update"}}, only_whole},
       {{{"prune", flag_on}, {"atomic", "batch"}, {"if-exists", "replace"}},
        "--prune does not go with --atomic batch --if-exists replace: DIR holds the batch and "
        "nothing else then"},
       quiet_against_progress()});
  return exclusions;
}

}  // namespace

void add_batch_options(CommandLine& line) {
  for (const auto& group : batch_options()) line.groups.push_back(group);
  for (const auto& variable : batch_variables()) line.variables.push_back(variable);
  line.exclusions = batch_exclusions();
}

BatchSettings batch_settings(const Arguments& arguments) {
  BatchSettings settings;
  settings.directory = arguments.positional("DIR");
  settings.placement = placement(arguments);
  settings.dry_run = arguments.flag("dry-run") || make_wants_a_dry_run();
  if (settings.placement != Placement::in_process) {
    settings.workers =
        workers(arguments, settings.dry_run ? UnreachableMake::not_told : UnreachableMake::told);
  }
  settings.keep_going = arguments.flag("keep-going");
  settings.atomic = static_cast<Atomic>(arguments.choice("atomic", atomic_choices));
  settings.sync = static_cast<Sync>(arguments.choice("sync", sync_choices));
  settings.if_exists = static_cast<IfExists>(arguments.choice("if-exists", if_exists_choices));
  settings.make = make_settings(arguments);
  settings.list = list_options(arguments);
  settings.sums_file = file_option(arguments, "sums");
  settings.report_file = file_option(arguments, "report");
  settings.show_progress = progress_is_wanted(arguments);
  settings.show_summary = !arguments.flag("quiet");
  return settings;
}

int run_batch(const Plan& plan, const BatchSettings& settings) {
  check_files(plan, settings);
  if (settings.dry_run) return run_dry(plan, settings);
  auto make_files =
      std::make_optional<MakeFiles>(settings.make, plan, settings.manifest, settings.directory);
  auto report = write_with_progress(plan, settings, *make_files);
  make_files->end(report.changed);
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
  if (report.stopped_by) {
    make_files.reset();
    os::end_by_signal(*report.stopped_by);
  }
  if (settings.show_summary) say(summary_text(report, settings));
  if (good) make_files->publish();
  return good ? all_there : some_missing;
}

}  // namespace ream::cli
