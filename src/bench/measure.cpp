#include "bench/measure.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem/operations.hpp>

#include "os/clock.hpp"
#include "os/resource_usage.hpp"
#include "os/shell.hpp"
#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/listing.hpp"

namespace ream::bench {

namespace fs = boost::filesystem;

namespace {

// From its construction on.
class Meter {
 public:
  void stop(Sample& sample) const {
    sample.seconds = stopwatch_.seconds();
    const auto used = os::resource_usage() - before_;
    sample.cpu_seconds = used.cpu_seconds;
    sample.context_switches = used.context_switches;
  }

 private:
  os::ResourceUsage before_ = os::resource_usage();
  os::Stopwatch stopwatch_;
};

void check(const Report& report, const Arm& arm) {
  if (report.stopped_by) throw Stopped{*report.stopped_by};
  if (report.complete()) return;
  const auto& why = report.failures.empty() ? report.trouble : report.failures.front().text;
  throw BadSample(fmt::format("{}: {}", arm.name, why));
}

double seconds_to_list(const fs::path& directory) {
  const os::Stopwatch stopwatch;
  write_listing(directory, {}, [](std::string_view) {});
  return stopwatch.seconds();
}

Sample measure_batch(const Arm& arm, const Work& work, const fs::path& directory, Latency latency) {
  const auto options = write_options(arm, latency);
  Sample sample;
  const Meter meter;
  const os::Stopwatch planning;
  const auto plan = make_plan(work, arm);
  const double seconds_to_plan = planning.seconds();
  auto report = write_batch(*plan, directory, options);
  meter.stop(sample);
  check(report, arm);
  sample.phases = report.seconds;
  sample.phases.plan += seconds_to_plan;
  sample.phases.list = seconds_to_list(directory);
  sample.first_done = report.first_done_seconds;
  sample.last_done = report.last_done_seconds;
  sample.latency = std::move(report.latency);
  return sample;
}

// As it is where the shell takes it so, since the command may have quotes around it.
std::string word_for(const fs::path& directory, const std::string& command) {
  if (os::is_plain_shell_word(directory.native())) return directory.native();
  if (command.find("'{dir}") == command.npos && command.find("\"{dir}") == command.npos) {
    return os::shell_word(directory.native());
  }
  throw InputError("--against " + quoted(command),
                   fmt::format("{} needs quotes of its own: leave those around {{dir}} out",
                               quoted(directory.native())));
}

std::string filled_in(std::string command, const Work& work, const fs::path& directory) {
  boost::replace_all(command, "{dir}", word_for(directory, command));
  boost::replace_all(command, "{count}", std::to_string(work.count));
  boost::replace_all(command, "{size}", std::to_string(work.size.value_or(0)));
  return command;
}

Sample measure_command(const Arm& arm, const Work& work, const fs::path& directory,
                       const os::StopSignals& stop) {
  fs::create_directory(directory);
  const auto command = filled_in(arm.command, work, directory);
  Sample sample;
  const Meter meter;
  const auto status = os::run_in_shell(command, os::Output::to_standard_error, stop.wake_fd());
  meter.stop(sample);
  if (stop.count() > 0) throw Stopped{stop.last()};
  if (!status.success()) {
    throw BadSample(
        fmt::format("'{}' {}: nothing can be said of how fast it is", command, status.to_string()));
  }
  return sample;
}

}  // namespace

WriteOptions write_options(const Arm& arm, Latency latency) {
  WriteOptions options;
  options.workers = arm.workers;
  options.placement = arm.placement;
  options.atomic = arm.atomic;
  options.sync = arm.sync;
  options.latency = latency;
  options.stop_signals = {os::stop_signals.begin(), os::stop_signals.end()};
  return options;
}

Sample measure(const Arm& arm, const Work& work, const fs::path& directory, Latency latency,
               const os::StopSignals& stop) {
  return arm.command.empty() ? measure_batch(arm, work, directory, latency)
                             : measure_command(arm, work, directory, stop);
}

}  // namespace ream::bench
