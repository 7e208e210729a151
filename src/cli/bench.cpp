#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <fstream>
#include <random>

#include "bench/compare_runs.hpp"
#include "bench/experiment.hpp"
#include "bench/gate.hpp"
#include "bench/measure.hpp"
#include "bench/plot.hpp"
#include "bench/recording_json.hpp"
#include "bench/table.hpp"
#include "cli/arguments.hpp"
#include "cli/color.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/progress.hpp"
#include "cli/status_line.hpp"
#include "os/processors.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"
#include "text/size_text.hpp"

namespace ream::cli {

namespace {

using bench::Axes;
using bench::Layout;

constexpr std::uint64_t most_files = std::uint64_t{1} << 30;

struct BenchSettings {
  Axes axes;
  bench::ExperimentOptions experiment;
  std::vector<bench::Gate> gates;
  std::optional<std::string> json, csv, plot;
  bool suggest = false;
  bool show_progress = false;
  bench::Color color = bench::Color::no;
};

po::options_description axis_options() {
  auto axes = option_group("What is compared (lists: an arm for each combination)");
  const auto list = [](const char* name) { return po::value<std::string>()->value_name(name); };
  axes.add_options()("jobs,j", list("N,..."), "worker processes (default: the processors)")(
      "placement", list("P,..."),
      "serial, pooled, process-per-file, or none: other programs alone (default: serial,pooled)")(
      "size", list("SIZE,..."), "bytes of a file (default: 4K)")(
      "count", list("N,..."), "files (default: 500, and more where they take less than 50 ms)")(
      "layout", list("L,..."), "shared (one directory), per-worker, or a number of directories")(
      "atomic", list("A,..."), "auto, none, file, batch")(
      "sync", list("S,..."), "none, file, batch")("manifest", list("FILE"),
                                                  "a real batch in place of generated files")(
      "against", po::value<std::vector<std::string>>()->composing()->value_name("COMMAND"),
      "another program as an arm; it writes the same files into {dir}, which is there and empty "
      "({count} and {size} are filled in too)")("control", po::bool_switch(),
                                                "the first arm against itself: the noise here");
  return axes;
}

po::options_description measuring_options() {
  auto measuring = option_group("How it is measured");
  const auto value = [](const char* name) { return po::value<std::string>()->value_name(name); };
  measuring.add_options()("precision", value("PERCENT"),
                          "stop when the intervals are so narrow (default: 5)")(
      "time-limit", value("SECONDS"), "or after this (default: 60)")(
      "runs", value("N"), "exactly so many rounds instead")(
      "cache", value("STATE"), "warm or cold: caches dropped before each sample (default: warm)")(
      "latency", po::bool_switch(), "time open, write, sync, publish and close apart")(
      "seed", value("N"), "of the order and the intervals (default: drawn, and printed)");
  return measuring;
}

po::options_description output_options() {
  auto output = option_group("Output");
  const auto file = [](const char* name) { return po::value<std::string>()->value_name(name); };
  output.add_options()("json", file("FILE"), "every sample (docs/bench-json.md)")(
      "csv", file("FILE"), "a line for each sample")("plot", file("FILE"),
                                                     "a picture by gnuplot: .svg or .png")(
      "fail-if", po::value<std::vector<std::string>>()->composing()->value_name("CONDITION"),
      "such as 'speedup < 1.5': exit 1 when the whole interval is so")(
      "suggest", po::bool_switch(), "print the options that were fastest, and nothing else")(
      "compare", po::bool_switch(), "two recordings instead: ream bench --compare OLD NEW")(
      "progress", po::value<std::string>()->value_name("WHEN"),
      "auto (on a terminal), always, never; REAM_PROGRESS says it too (default: auto)")(
      "quiet,q", po::bool_switch(), "no progress")("help,h", "this text");
  return output;
}

// --runs goes before --precision and --time-limit where all come from one place.
std::vector<Exclusion> exclusions() {
  return {{{{"manifest"}, {"size"}}, "--manifest and --size exclude each other"},
          {{{"manifest"}, {"count"}}, "--manifest and --count exclude each other"},
          {{{"manifest"}, {"layout"}}, "--manifest and --layout exclude each other"},
          {{{"runs"}, {"precision"}}, ""},
          {{{"runs"}, {"time-limit"}}, ""},
          quiet_against_progress()};
}

CommandLine command_line() {
  CommandLine line;
  line.command = "bench";
  line.about =
      R"(Measures whether writing in parallel is faster than in series in DIR, by how much, and how sure
that is. Samples of all arms are interleaved in random order, each writes to a fresh directory in
DIR and is checked; the verdict is a ratio with its 95 % interval.)";
  line.positional = {"DIR"};
  line.optional_positional = {"NEW"};
  line.example =
      "  ream bench --jobs 1,2,4 --plot workers.svg /dev/shm/try\n"
      "  ream bench --manifest site.jsonl --against 'cp -r site/. {dir}' /dev/shm/try";
  for (const auto& group :
       {axis_options(), measuring_options(), output_options(), common_options()}) {
    line.groups.push_back(group);
  }
  line.variables.push_back(progress_variable);
  line.exclusions = exclusions();
  return line;
}

std::vector<std::string> items(const Arguments& arguments, const std::string& option) {
  std::vector<std::string> parts;
  if (const auto text = arguments.text(option)) {
    boost::split(parts, *text, boost::is_any_of(","));
  }
  return parts;
}

std::uint64_t number_in(const std::string& option, const std::string& item, std::uint64_t least,
                        std::uint64_t most) {
  const auto number = text::parse_whole_number(item);
  if (number && *number >= least && *number <= most) return *number;
  refuse_value("--" + option, item, fmt::format("whole numbers from {} to {}", least, most));
}

std::vector<std::uint64_t> sizes(const Arguments& arguments) {
  std::vector<std::uint64_t> values;
  for (const auto& item : items(arguments, "size")) {
    const auto size = text::parse_size(item);
    if (!size) refuse_value("--size", item, text::size_help);
    values.push_back(*size);
  }
  return values;
}

Layout layout(const std::string& item) {
  if (item == "shared") return {};
  if (item == "per-worker") return {Layout::Kind::per_worker, 1};
  const auto number = text::parse_whole_number(item);
  if (!number || *number == 0 || *number > 1000000) {
    refuse_value("--layout", item, "shared, per-worker or a number of directories");
  }
  return {Layout::Kind::directories, static_cast<unsigned>(*number)};
}

template <class Value>
std::vector<Value> chosen(const Arguments& arguments, const std::string& option,
                          const std::vector<std::pair<std::string_view, Value>>& choices) {
  std::vector<Value> values;
  for (const auto& item : items(arguments, option)) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const auto& choice) { return choice.first == item; });
    if (found == choices.end()) {
      std::string expected = "a list of";
      for (const auto& choice : choices) expected += fmt::format(" {},", choice.first);
      expected.back() = ' ';
      refuse_value("--" + option, item, expected + "separated by commas");
    }
    values.push_back(found->second);
  }
  return values;
}

Axes axes_of(const Arguments& arguments) {
  Axes axes;
  for (const auto& item : items(arguments, "jobs")) {
    axes.jobs.push_back(static_cast<unsigned>(number_in("jobs", item, 1, most_workers)));
  }
  axes.only_commands = arguments.text("placement") == "none";
  if (!axes.only_commands)
    axes.placements = chosen<Placement>(arguments, "placement",
                                        {{"serial", Placement::in_process},
                                         {"pooled", Placement::pooled},
                                         {"process-per-file", Placement::process_per_job}});
  axes.sizes = sizes(arguments);
  for (const auto& item : items(arguments, "count")) {
    axes.counts.push_back(number_in("count", item, 1, most_files));
  }
  for (const auto& item : items(arguments, "layout")) axes.layouts.push_back(layout(item));
  axes.atomics = chosen<Atomic>(arguments, "atomic",
                                {{"auto", Atomic::automatic},
                                 {"none", Atomic::none},
                                 {"file", Atomic::file},
                                 {"batch", Atomic::batch}});
  axes.syncs = chosen<Sync>(arguments, "sync",
                            {{"none", Sync::none}, {"file", Sync::file}, {"batch", Sync::batch}});
  axes.commands = arguments.texts("against");
  axes.manifest = arguments.text("manifest").value_or("");
  axes.control = arguments.flag("control");
  return axes.with_defaults(os::usable_processors());
}

void check_axes(const Arguments& arguments) {
  if (arguments.text("placement") == "none" && arguments.texts("against").empty()) {
    throw UsageError("--placement none leaves nothing to measure: --against names other programs");
  }
  if (arguments.text("manifest") == "-") {
    throw UsageError(
        "--manifest -: a benchmark reads the manifest many times, so a file is needed");
  }
}

double positive(const Arguments& arguments, const std::string& option, double fallback) {
  const auto text = arguments.text(option);
  if (!text) return fallback;
  char* end = nullptr;
  const double value = std::strtod(text->c_str(), &end);
  if (end == text->c_str() || *end != '\0' || !(value > 0) || value > 1e6) {
    refuse_value("--" + option, *text, "a number above 0");
  }
  return value;
}

std::uint64_t drawn_seed() {
  return std::random_device()() % 1000000;
}

bench::ExperimentOptions experiment_options(const Arguments& arguments) {
  bench::ExperimentOptions options;
  options.directory = arguments.positional("DIR");
  options.precision = positive(arguments, "precision", 5) / 100;
  options.time_limit = positive(arguments, "time-limit", 60);
  options.runs = arguments.number("runs", 1, 1000000);
  options.scale_count = !arguments.has("count");
  options.cache =
      arguments.choice("cache", {"warm", "cold"}) == 0 ? bench::Cache::warm : bench::Cache::cold;
  options.latency = arguments.flag("latency") ? Latency::calls : Latency::files;
  options.seed =
      arguments.number("seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(drawn_seed());
  return options;
}

BenchSettings bench_settings(const Arguments& arguments) {
  check_axes(arguments);
  BenchSettings settings;
  settings.axes = axes_of(arguments);
  settings.experiment = experiment_options(arguments);
  for (const auto& condition : arguments.texts("fail-if")) {
    settings.gates.push_back(bench::parse_gate(condition));
  }
  settings.json = arguments.text("json");
  settings.csv = arguments.text("csv");
  settings.plot = arguments.text("plot");
  if (settings.plot) bench::check_plot(*settings.plot);
  settings.suggest = arguments.flag("suggest");
  settings.color = output_is_colored(arguments) ? bench::Color::yes : bench::Color::no;
  settings.show_progress = progress_is_wanted(arguments);
  return settings;
}

void say(const std::string& text) {
  os::write_standard_error(fmt::format("ream: {}\n", text));
}

void write_file(const std::optional<std::string>& path, const std::string& content) {
  if (!path) return;
  std::ofstream file(*path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw Error(Operation::write, *path, errno);
}

bench::Recording measure(const BenchSettings& settings) {
  auto options = settings.experiment;
  StatusLine line;
  if (settings.show_progress) {
    options.on_progress = [&](const bench::Progress& progress) {
      line.show(bench::progress_text(progress.recording, progress.arm, progress.warming_up));
    };
  }
  return bench::run_experiment(bench::compare_along(settings.axes), settings.axes.control, options);
}

void show(const bench::Recording& recording, const BenchSettings& settings) {
  write_file(settings.json, bench::to_json(recording));
  write_file(settings.csv, bench::to_csv(recording));
  if (recording.rounds() > 0 && settings.plot) bench::plot(recording, *settings.plot);
  if (settings.suggest && recording.rounds() > 0) {
    return os::write_standard_output(bench::suggested_options(recording) + "\n");
  }
  os::write_standard_output(bench::to_table(recording, settings.color));
}

// Each gate looks at every arm that is compared with another.
bool passes(const bench::Recording& recording, const std::vector<bench::Gate>& gates) {
  bool passed = true;
  for (std::size_t arm = 0; arm < recording.arms.size(); ++arm) {
    if (recording.base_of(arm) == arm) continue;
    const auto ratio = bench::speedup(recording, arm);
    for (const auto& gate : gates) {
      if (!gate.fails(ratio, recording.arms[arm].arm.workers)) continue;
      say(fmt::format("{}: {} [{:.2f}, {:.2f}], as --fail-if '{}' does not allow",
                      recording.arms[arm].arm.name, ratio.value, ratio.interval.low,
                      ratio.interval.high, gate.text()));
      passed = false;
    }
  }
  return passed;
}

int compare_recordings(const Arguments& arguments) {
  if (arguments.positional("NEW").empty()) {
    throw UsageError("--compare needs two recordings: ream bench --compare OLD.json NEW.json");
  }
  os::write_standard_output(bench::compare(bench::read_recording(arguments.positional("DIR")),
                                           bench::read_recording(arguments.positional("NEW"))));
  return all_there;
}

int run(const Arguments& arguments) {
  if (arguments.flag("compare")) return compare_recordings(arguments);
  if (!arguments.positional("NEW").empty()) {
    throw UsageError("there are more words than in 'ream bench [options] DIR'");
  }
  const auto settings = bench_settings(arguments);
  const auto recording = measure(settings);
  show(recording, settings);
  if (recording.stopped_by) os::end_by_signal(*recording.stopped_by);
  return recording.rounds() > 0 && passes(recording, settings.gates) ? all_there : some_missing;
}

const RegisteredCommand bench_command({CommandGroup::measuring, "bench",
                                       "measure serial against parallel, and other programs",
                                       command_line, run});

}  // namespace

}  // namespace ream::cli
