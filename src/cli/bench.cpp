#include <fmt/format.h>

#include "bench/compare_runs.hpp"
#include "bench/experiment.hpp"
#include "bench/measure.hpp"
#include "bench/plot.hpp"
#include "bench/recording_json.hpp"
#include "bench/stopping.hpp"
#include "bench/table.hpp"
#include "cli/bench_options.hpp"
#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/say.hpp"
#include "cli/status_line.hpp"
#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

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

void print(const bench::Recording& recording, const BenchSettings& settings) {
  if (settings.suggest && recording.rounds() > 0) {
    return os::write_standard_output(bench::suggested_options(recording) + "\n");
  }
  os::write_standard_output(bench::to_table(recording, settings.color));
}

void draw(const bench::Recording& recording, const std::optional<std::string>& path) {
  if (!path) return;
  try {
    bench::plot(recording, *path);
  } catch (const bench::Stopped& stopped) {
    os::end_by_signal(stopped.signal);
  }
}

// One output that fails takes none of the others along.
bool write_outputs(const bench::Recording& recording, const BenchSettings& settings) {
  bool written = true;
  const auto attempt = [&](const auto& output) {
    try {
      output();
    } catch (const std::runtime_error& error) {
      say(error.what());
      written = false;
    }
  };
  attempt([&] { print(recording, settings); });
  if (recording.rounds() == 0) return written;  // what an earlier one recorded is worth more
  attempt([&] {
    if (settings.json) write_output_file(*settings.json, bench::to_json(recording));
  });
  attempt([&] {
    if (settings.csv) write_output_file(*settings.csv, bench::to_csv(recording));
  });
  attempt([&] { draw(recording, settings.plot); });
  return written;
}

// A gate that never fails would look like one that holds.
void say_what_was_not_judged(const std::vector<bench::Gate>& gates, std::size_t rounds,
                             const std::string& subject) {
  for (const auto& gate : gates) {
    say(fmt::format("--fail-if {} was not judged{}: {} of the {} rounds that it takes",
                    quoted(gate.text()), subject, rounds, bench::least_pairs));
  }
}

bool passes(const bench::Recording& recording, const std::vector<bench::Gate>& gates) {
  if (!recording.has_verdict()) say_what_was_not_judged(gates, recording.rounds(), "");
  const auto failures = bench::failures(gates, recording);
  for (const auto& failure : failures) say(failure);
  return failures.empty();
}

bool passes(const bench::RunComparison& comparison, const std::vector<bench::Gate>& gates) {
  bool passed = true;
  for (const auto& arm : comparison.arms) {
    if (arm.ratio.pairs < bench::least_pairs) {
      say_what_was_not_judged(gates, arm.ratio.pairs, " of " + arm.name);
      continue;
    }
    for (const auto& gate : gates) {
      if (!gate.fails(arm.ratio)) continue;
      say(bench::failure_text(gate, arm.name, arm.ratio));
      passed = false;
    }
  }
  return passed;
}

int compare_recordings(const Arguments& arguments) {
  if (arguments.positional("NEW").empty()) {
    throw UsageError("--compare needs two recordings: ream bench --compare OLD.json NEW.json");
  }
  const auto gates = gates_of(arguments);
  for (const auto& gate : gates) {
    if (gate.subject() == bench::Gate::Subject::speedup) continue;
    throw UsageError("--compare knows a speedup, of the new recording over the old: --fail-if " +
                     quoted(gate.text()) + " asks for something else");
  }
  const auto comparison = bench::compare(bench::read_recording(arguments.positional("DIR")),
                                         bench::read_recording(arguments.positional("NEW")));
  os::write_standard_output(comparison.text);
  return passes(comparison, gates) ? all_there : some_missing;
}

// Beside the suggestion, which stands alone on standard output.
void say_how_sure(const bench::Recording& recording) {
  const auto suggestion = bench::suggestion(recording);
  if (!suggestion || suggestion->shown) return;
  if (!recording.has_verdict()) {
    return say(
        fmt::format("no difference can be shown by {} of the {} rounds that it takes: what is "
                    "suggested is a guess",
                    recording.rounds(), bench::least_pairs));
  }
  say("no difference was shown between the arms: what is suggested has the fewest workers");
}

int run(const Arguments& arguments) {
  if (arguments.flag("compare")) return compare_recordings(arguments);
  if (!arguments.positional("NEW").empty()) {
    throw UsageError("there are more words than in 'ream bench [options] DIR'");
  }
  const auto settings = bench_settings(arguments);
  const auto recording = measure(settings);
  if (settings.suggest) say_how_sure(recording);
  const bool written = write_outputs(recording, settings);
  if (recording.stopped_by) os::end_by_signal(*recording.stopped_by);
  return recording.rounds() > 0 && written && passes(recording, settings.gates) ? all_there
                                                                                : some_missing;
}

const RegisteredCommand bench_command({CommandGroup::measuring, "bench",
                                       "measure serial against parallel, and other programs",
                                       bench_command_line, run});

}  // namespace

}  // namespace ream::cli
