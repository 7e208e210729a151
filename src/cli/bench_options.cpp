#include "cli/bench_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>
#include <limits>
#include <random>

#include "bench/plot.hpp"
#include "bench/stopping.hpp"
#include "cli/choices.hpp"
#include "cli/color.hpp"
#include "cli/common_options.hpp"
#include "cli/distinct_files.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "os/processors.hpp"
#include "ream/error.hpp"
#include "ream/manifest.hpp"
#include "text/size_text.hpp"

namespace ream::cli {

namespace {

using bench::Axes;
using bench::Layout;

const std::vector<std::string_view> cache_choices = {"warm", "cold"};
constexpr std::uint64_t most_files = std::uint64_t{1} << 30;
constexpr std::uint64_t most_rounds = 1000000;

// Of --placement alone: other programs are all that is measured.
constexpr std::string_view no_placement = "none";

std::string placement_names() {
  auto choices = placement_choices;
  choices.push_back(no_placement);
  return list_of(choices);
}

// An option that may be given more than once.
po::typed_value<std::vector<std::string>>* takes_each(const char* name) {
  return po::value<std::vector<std::string>>()->composing()->value_name(name);
}

OptionGroup axis_options() {
  auto axes = option_group("What is compared (lists: an arm for each combination)");
  axes.add_options()("jobs,j", takes("N,..."), "worker processes (default: the processors)")(
      "placement", takes(placement_names()), "who writes (default: serial,pooled)")(
      "size", takes("SIZE,..."), "bytes of a file (default: 4K)")(
      "count", takes("N,..."), "files (default: 500, more where they take under 50 ms)")(
      "layout", takes("shared|per-worker|N,..."), "one directory, as many as workers, or N")(
      "atomic", takes(list_of(atomic_choices)), "what appears as a whole (default: auto)")(
      "sync", takes(list_of(sync_choices)), "what is on the disk (default: none)")(
      "manifest", takes("FILE"), "a real batch in place of generated files")(
      "against", takes_each("COMMAND"), "another program, which writes the files into {dir}")(
      "control", po::bool_switch(), "the first arm against itself: the noise here");
  return axes;
}

OptionGroup measuring_options() {
  auto measuring = option_group("How it is measured");
  measuring.add_options()("precision", takes("PERCENT"),
                          "stop when the intervals are so narrow (default: 5)")(
      "time-limit", takes("SECONDS"), "or after this (default: 60)")(
      "runs", takes("N"), "so many rounds, whatever the precision")(
      "cache", takes(one_of(cache_choices)), "cold: dropped before each sample (default: warm)")(
      "latency", po::bool_switch(), "time open, write, sync, publish and close apart")(
      "seed", takes("N"), "of the order and the intervals (default: drawn)");
  return measuring;
}

OptionGroup output_options() {
  auto output = option_group("Output");
  output.add_options()("json", takes("FILE"), "every sample, as JSON")(
      "csv", takes("FILE"), "a line for each sample")("plot", takes("FILE"),
                                                      "a picture by gnuplot: .svg or .png")(
      "fail-if", takes_each("CONDITION"), "exit 1 when it is sure, such as 'speedup < 1.5'")(
      "suggest", po::bool_switch(), "print the options that were fastest, nothing else")(
      "compare", po::bool_switch(), "two recordings: ream bench --compare OLD NEW");
  add_progress_options(output, "no progress");
  output.add_options()("help,h", "this text");
  return output;
}

// --runs goes before --precision where both come from one place.
std::vector<Exclusion> measuring_exclusions() {
  return {{{{"manifest"}, {"size"}}, "--manifest and --size exclude each other"},
          {{{"manifest"}, {"count"}}, "--manifest and --count exclude each other"},
          {{{"manifest"}, {"layout"}}, "--manifest and --layout exclude each other"},
          {{{"placement", "serial"}, {"jobs"}},
           "--placement serial has no workers that --jobs could number: --placement pooled has"},
          {{{"runs"}, {"precision"}}, ""},
          quiet_against_progress()};
}

// What says how ream writes, where it does not.
std::vector<Exclusion> exclusions_without_own_arm() {
  constexpr std::string_view reason =
      "--placement none leaves no arm of ream's own, which --jobs, --layout, --atomic and --sync "
      "are for";
  std::vector<Exclusion> all;
  for (const std::string_view option : {"jobs", "layout", "atomic", "sync"}) {
    all.push_back({{{"placement", no_placement}, {option}}, reason});
  }
  return all;
}

// --compare obeys --fail-if and what says how anything is shown.
const std::vector<std::string_view> only_for_measuring = {
    "jobs",      "placement",  "size", "count", "layout", "atomic", "sync", "manifest", "against",
    "precision", "time-limit", "runs", "cache", "seed",   "json",   "csv",  "plot"};
const std::vector<std::string_view> flags_for_measuring = {"control", "latency", "suggest"};

std::vector<Exclusion> exclusions() {
  auto all = measuring_exclusions();
  for (const auto& exclusion : exclusions_without_own_arm()) all.push_back(exclusion);
  constexpr std::string_view reason =
      "--compare measures nothing: of the options of a benchmark it takes --fail-if alone";
  for (const auto option : only_for_measuring) {
    all.push_back({{{"compare", flag_on}, {option}}, reason});
  }
  for (const auto flag : flags_for_measuring) {
    all.push_back({{{"compare", flag_on}, {flag, flag_on}}, reason});
  }
  all.push_back(
      {{{"suggest", flag_on}, {"control", flag_on}}, "--suggest and --control exclude each other"});
  return all;
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

// `choices` are in the order of Value's.
template <class Value>
std::vector<Value> chosen(const Arguments& arguments, const std::string& option,
                          const std::vector<std::string_view>& choices) {
  std::vector<Value> values;
  for (const auto& item : items(arguments, option)) {
    const auto found = std::find(choices.begin(), choices.end(), item);
    if (found == choices.end()) {
      refuse_value("--" + option, item,
                   fmt::format("a list of {} separated by commas", fmt::join(choices, ", ")));
    }
    values.push_back(static_cast<Value>(found - choices.begin()));
  }
  return values;
}

Axes axes_of(const Arguments& arguments) {
  Axes axes;
  for (const auto& item : items(arguments, "jobs")) {
    axes.jobs.push_back(static_cast<unsigned>(number_in("jobs", item, 1, most_workers)));
  }
  axes.only_commands = arguments.text("placement") == no_placement;
  if (!axes.only_commands) {
    axes.placements = chosen<Placement>(arguments, "placement", placement_choices);
  }
  axes.sizes = sizes(arguments);
  for (const auto& item : items(arguments, "count")) {
    axes.counts.push_back(number_in("count", item, 1, most_files));
  }
  for (const auto& item : items(arguments, "layout")) axes.layouts.push_back(layout(item));
  axes.atomics = chosen<Atomic>(arguments, "atomic", atomic_choices);
  axes.syncs = chosen<Sync>(arguments, "sync", sync_choices);
  axes.commands = arguments.texts("against");
  axes.manifest = arguments.text("manifest").value_or("");
  axes.control = arguments.flag("control");
  return axes.with_defaults(os::usable_processors());
}

Origin::Rank rank_of(const Arguments& arguments, std::string_view option) {
  const auto& settings = arguments.settings();
  return std::find_if(settings.begin(), settings.end(),
                      [&](const Setting& setting) { return setting.option == option; })
      ->origin.rank();
}

// What a file says of all benchmarks is in no one's way who says something else.
bool ranks_no_lower(const Arguments& arguments, const std::string& option,
                    const std::string& other) {
  return arguments.has(option) && arguments.has(other) &&
         rank_of(arguments, option) >= rank_of(arguments, other);
}

void check_placeholders(const std::string& command, bool has_manifest) {
  if (!boost::contains(command, "{dir}")) {
    refuse_value("--against", command, "a command that writes into {dir}");
  }
  for (const std::string_view generated : {"{count}", "{size}"}) {
    if (!has_manifest || !boost::contains(command, generated)) continue;
    throw UsageError(fmt::format("--against {}: {} is known of generated files, not of --manifest",
                                 quoted(command), generated));
  }
}

void check_commands(const std::vector<std::string>& commands, bool has_manifest) {
  for (auto command = commands.begin(); command != commands.end(); ++command) {
    check_placeholders(*command, has_manifest);
    if (std::find(commands.begin(), command, *command) != command) {
      throw UsageError(fmt::format("--against {}: is there twice", quoted(*command)));
    }
  }
}

void check_control(const Arguments& arguments) {
  if (!arguments.flag("control")) return;
  for (const auto* option : {"jobs", "placement", "size", "count", "layout", "atomic", "sync"}) {
    if (items(arguments, option).size() < 2) continue;
    throw UsageError(
        fmt::format("--control measures one arm twice: --{} has several values", option));
  }
  const bool only_commands = arguments.text("placement") == no_placement;
  if (arguments.texts("against").size() > (only_commands ? 1 : 0)) {
    throw UsageError(
        "--control measures one arm twice: of another program with --placement none and one "
        "--against");
  }
}

// The first arm of those that are measured by default has no workers.
void check_workers_of_control(const Arguments& arguments) {
  if (!arguments.flag("control") || arguments.has("placement")) return;
  if (!ranks_no_lower(arguments, "jobs", "control")) return;
  throw UsageError(
      "--control measures the first arm, which is the serial one and has no workers: with --jobs "
      "it takes --placement pooled");
}

void check_suggestion(const Arguments& arguments) {
  if (!arguments.flag("suggest")) return;
  if (arguments.text("placement") == no_placement) {
    throw UsageError("--suggest names options of ream, which --placement none leaves no arm");
  }
  for (const auto* option : {"size", "count"}) {
    if (items(arguments, option).size() < 2) continue;
    throw UsageError(fmt::format(
        "--suggest names what is fastest for one work: --{} has several values", option));
  }
}

void check_rounds_for_gates(const Arguments& arguments) {
  const auto runs = arguments.number("runs", 1, most_rounds);
  if (!runs || *runs >= bench::least_pairs) return;
  if (!ranks_no_lower(arguments, "fail-if", "runs")) return;
  throw UsageError(
      fmt::format("--runs {}: --fail-if judges by {} rounds or more", *runs, bench::least_pairs));
}

void check_layouts(const Axes& axes) {
  const auto fewest = *std::min_element(axes.counts.begin(), axes.counts.end());
  for (const auto& each : axes.layouts) {
    if (each.kind != Layout::Kind::directories || each.directories <= fewest) continue;
    throw UsageError(
        fmt::format("--layout {}: {} files are too few for as many directories (--count)",
                    each.directories, fewest));
  }
}

void check_axes(const Arguments& arguments) {
  const bool only_commands = arguments.text("placement") == no_placement;
  if (only_commands && arguments.texts("against").empty()) {
    throw UsageError("--placement none leaves nothing to measure: --against names other programs");
  }
  if (arguments.text("manifest") == "-") {
    throw UsageError(
        "--manifest -: a benchmark reads the manifest many times, so a file is needed");
  }
  check_commands(arguments.texts("against"), arguments.has("manifest"));
  check_control(arguments);
  check_workers_of_control(arguments);
  check_suggestion(arguments);
  check_rounds_for_gates(arguments);
  const auto axes = axes_of(arguments);
  check_layouts(axes);
  bench::check_gates(gates_of(arguments), bench::compare_along(axes));
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
  options.runs = arguments.number("runs", 1, most_rounds);
  constexpr double no_limit = std::numeric_limits<double>::infinity();
  options.time_limit = positive(arguments, "time-limit", options.runs ? no_limit : 60);
  options.scale_count = !arguments.has("count");
  options.cache =
      arguments.choice("cache", cache_choices) == 0 ? bench::Cache::warm : bench::Cache::cold;
  options.latency = arguments.flag("latency") ? Latency::calls : Latency::files;
  options.seed =
      arguments.number("seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(drawn_seed());
  return options;
}

// Before a minute is spent on measuring.
std::optional<std::string> output_file(const Arguments& arguments, const std::string& option) {
  const auto file = arguments.text(option);
  if (!file) return file;
  if (*file == "-") {
    throw UsageError(fmt::format("--{} -: a file is expected; /dev/stdout is one", option));
  }
  check_output_file(*file);
  return file;
}

// Among them too, and what the manifest copies: what is written takes the place of what was there.
void check_outputs(const BenchSettings& settings) {
  std::vector<NamedFile> written;
  if (settings.json) written.push_back({"--json", *settings.json});
  if (settings.csv) written.push_back({"--csv", *settings.csv});
  if (settings.plot) written.push_back({"--plot", *settings.plot});
  const auto& manifest = settings.axes.manifest;
  if (manifest.empty() || written.empty()) return check_distinct(written);
  check_distinct(written, NamedFile{"--manifest", manifest.native()}, *open_manifest(manifest));
}

}  // namespace

CommandLine bench_command_line() {
  CommandLine line;
  line.command = "bench";
  line.about =
      R"(Measures whether writing in parallel is faster than in series in DIR, by how much, and how sure
that is. Samples of all arms are interleaved in random order, each writes to a fresh directory
in DIR and is checked; the verdict is a ratio with its 95 % interval.)";
  line.positional = {"DIR"};
  line.optional_positional = {"NEW"};
  line.example = "  ream bench --manifest site.jsonl --against 'cp -r site/. {dir}' /dev/shm/try";
  for (const auto& group :
       {axis_options(), measuring_options(), output_options(), common_options()}) {
    line.groups.push_back(group);
  }
  line.variables.push_back(progress_variable);
  line.exclusions = exclusions();
  return line;
}

std::vector<bench::Gate> gates_of(const Arguments& arguments) {
  std::vector<bench::Gate> gates;
  for (const auto& condition : arguments.texts("fail-if")) {
    gates.push_back(bench::parse_gate(condition));
  }
  return gates;
}

BenchSettings bench_settings(const Arguments& arguments) {
  check_axes(arguments);
  BenchSettings settings;
  settings.axes = axes_of(arguments);
  settings.experiment = experiment_options(arguments);
  settings.gates = gates_of(arguments);
  settings.json = output_file(arguments, "json");
  settings.csv = output_file(arguments, "csv");
  settings.plot = output_file(arguments, "plot");
  check_outputs(settings);
  if (settings.plot) bench::check_plot(*settings.plot);
  settings.suggest = arguments.flag("suggest");
  settings.color = output_is_colored(arguments) ? bench::Color::yes : bench::Color::no;
  settings.show_progress = progress_is_wanted(arguments);
  return settings;
}

}  // namespace ream::cli
