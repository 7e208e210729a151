#include "ream/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/quantities.hpp"
#include "cli/say.hpp"
#include "cli/workers.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

using Kind = Difference::Kind;

CommandLine command_line() {
  auto what = option_group("What to compare");
  what.add_options()("sums", takes("FILE"),
                     "the checksum file, as by sha256sum or --sums of a batch")(
      "exact", po::bool_switch(), "tell too which other files are there")(
      "null,0", po::bool_switch(), "lines of FILE end with NUL, as by sha256sum -z");
  auto other = option_group("Other");
  add_jobs_option(other);
  other.add_options()("quiet,q", po::bool_switch(), "no summary")("help,h", "this text");
  CommandLine line;
  line.command = "verify";
  line.about =
      R"(Reads every file that FILE names in DIR, and prints those that are missing, different or cannot
be read. No link in DIR is followed. Exit status: 0 where all are as they should be, 1 where one
is not, 2 where FILE is no checksum file.)";
  line.positional = {"DIR"};
  line.example = "  ream generate --sums out.sha256 out && ream verify out --sums out.sha256";
  line.groups.push_back(what);
  line.groups.push_back(other);
  line.groups.push_back(common_options());
  line.variables.push_back(jobs_variable);
  return line;
}

std::string count_text(const Verification& result, Kind kind, std::string_view what) {
  const auto count = std::count_if(result.differences.begin(), result.differences.end(),
                                   [&](const auto& difference) { return difference.kind == kind; });
  if (count == 0) return "";
  return fmt::format(", {} {}", with_commas(static_cast<std::uint64_t>(count)), what);
}

std::string summary_text(const Verification& result, double seconds) {
  return fmt::format("{} as {} should be, {}{}{}{}{} in {}", counted(result.files, "file"),
                     result.files == 1 ? "it" : "they", readable_bytes(result.bytes),
                     count_text(result, Kind::missing, "missing"),
                     count_text(result, Kind::different, "different"),
                     count_text(result, Kind::unreadable, "unreadable"),
                     count_text(result, Kind::extra, "extra"), readable_seconds(seconds));
}

int run(const Arguments& arguments) {
  const auto sums = arguments.text("sums");
  if (!sums || sums->empty()) throw UsageError("--sums is missing: it names the checksum file");
  VerifyOptions options;
  const auto granted = workers(arguments);
  options.workers = granted.most;
  options.slots = granted.slots.get();
  options.exact = arguments.flag("exact");
  options.lines_end_with_nul = arguments.flag("null");
  options.stop_signals = {os::stop_signals.begin(), os::stop_signals.end()};
  const os::Stopwatch stopwatch;
  const auto result = verify(arguments.positional("DIR"), *sums, options);
  for (const auto& difference : result.differences) {
    os::write_standard_output(difference.text + "\n");
  }
  if (!result.trouble.empty()) say(result.trouble);
  if (result.stopped_by) os::end_by_signal(*result.stopped_by);
  if (!arguments.flag("quiet")) say(summary_text(result, stopwatch.seconds()));
  return result.good() ? all_there : some_missing;
}

const RegisteredCommand verify_command({CommandGroup::reading, "verify",
                                        "check a directory against a checksum file", command_line,
                                        run});

}  // namespace

}  // namespace ream::cli
