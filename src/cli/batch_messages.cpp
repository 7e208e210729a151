#include "cli/batch_messages.hpp"

#include <fmt/format.h>

#include "cli/quantities.hpp"
#include "cli/say.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

// Written, or left on purpose.
std::uint64_t entries_done(const Report& report) {
  return report.files + report.links + report.directories + report.unchanged + report.skipped;
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

}  // namespace

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
                  signal_name(*report.stopped_by), with_commas(entries_done(report)),
                  counted(report.jobs, "file")));
}

std::string summary_text(const Report& report, const BatchSettings& settings) {
  const double seconds =
      report.seconds.plan + report.seconds.write + report.seconds.sync + report.seconds.publish;
  const auto entries = static_cast<double>(entries_done(report));
  const auto rate = seconds > 0 ? static_cast<std::uint64_t>(entries / seconds) : 0;
  const auto workers = settings.placement == Placement::in_process
                           ? "in the driver itself"
                           : "by " + counted(report.workers.size(), "worker");
  return fmt::format("{} in {}, {} files/s, {}", written_text(report), readable_seconds(seconds),
                     with_commas(rate), workers);
}

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

}  // namespace ream::cli
