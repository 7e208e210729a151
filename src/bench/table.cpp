#include "bench/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/cell.hpp"
#include "bench/verdict.hpp"

namespace ream::bench {

namespace {

constexpr int bar_width = 20;

constexpr std::size_t least_name_width = 12;  // of "per file, µs", which stands above names
constexpr std::size_t most_name_width = 40;

// What a column of names needs.
std::size_t name_width(const Recording& recording) {
  auto width = least_name_width;
  for (const auto& record : recording.arms) width = std::max(width, display_width(record.arm.name));
  return std::min(width, most_name_width);
}

// "1,234,567".
std::string grouped(double number) {
  const auto digits = fmt::format("{:.0f}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

// In eighths of a character.
std::string bar(double share) {
  static constexpr std::string_view parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!(share > 0)) return "";  // nor is what is no number
  const auto eighths = static_cast<std::size_t>(std::lround(share * bar_width * 8));
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  text += parts[eighths % 8];
  return text;
}

std::string colored(const std::string& text, Color color) {
  return color == Color::yes ? "\x1b[36m" + text + "\x1b[0m" : text;
}

std::string environment_text(const Recording& recording) {
  const auto& e = recording.environment;
  auto text = fmt::format("{}: {}\n", e.directory, e.filesystem);
  text += fmt::format("Linux {}, {} processor{} ({}), governor {}, load {:.1f}, steal {:.0f} %\n",
                      e.kernel, e.processors, e.processors == 1 ? "" : "s", e.processor, e.governor,
                      e.load, e.steal * 100);
  text += fmt::format("ream {} ({}), {}\n", e.version, e.build, e.date);
  for (const auto& warning : e.warnings) text += "warning: " + warning + "\n";
  return text;
}

std::string_view end_text(End end) {
  switch (end) {
    case End::precise:
      return "until the intervals were narrow enough";
    case End::time_limit:
      return "until the time limit";
    case End::runs:
      return "as asked for";
    case End::stopped:
      return "until it was stopped";
  }
  return "";
}

std::string works_text(const Recording& recording) {
  std::string text;
  for (const auto& work : recording.works) {
    text += (text.empty() ? "" : "; ") + to_string(work);
  }
  return text;
}

// "none", or "none or batch" where the arms differ.
template <class Value>
std::string values_of_own_arms(const Recording& recording, Value value) {
  std::vector<std::string> values;
  for (const auto& record : recording.arms) {
    if (!record.arm.is_reams_own()) continue;
    auto text = std::string(value(record.arm));
    if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
  }
  return fmt::format("{}", fmt::join(values, " or "));
}

// What a name such as "parallel" leaves open. Where numbers of workers differ the names have them.
std::string workers_text(const Recording& recording) {
  std::set<unsigned> workers;
  bool pooled = false;
  for (const auto& [arm, files, bytes, samples, latency] : recording.arms) {
    if (!arm.is_reams_own() || arm.is_serial()) continue;
    workers.insert(arm.workers);
    pooled = pooled || arm.placement == Placement::pooled;
  }
  if (workers.size() != 1) return "";
  return fmt::format("{} is {} worker{}, ", pooled ? "parallel" : "process-per-file",
                     *workers.begin(), *workers.begin() == 1 ? "" : "s");
}

// "500 files of 4 KiB, sync batch, atomic auto; parallel is 2 workers, layout shared".
std::string work_text(const Recording& recording) {
  const auto sync = values_of_own_arms(recording, [](auto& arm) { return name_of(arm.sync); });
  if (sync.empty()) return works_text(recording) + "\n";
  return fmt::format("{}, sync {}, atomic {}; {}layout {}\n", works_text(recording), sync,
                     values_of_own_arms(recording, [](auto& arm) { return name_of(arm.atomic); }),
                     workers_text(recording), values_of_own_arms(recording, [](auto& arm) {
                       return to_string(arm.layout);
                     }));
}

// What ream's arms promise with --sync, nobody makes another program promise.
std::string sync_note(const Recording& recording) {
  const auto is_durable = [](const ArmRecord& record) {
    return record.arm.is_reams_own() && record.arm.sync != Sync::none;
  };
  if (std::none_of(recording.arms.begin(), recording.arms.end(), is_durable)) return "";
  std::set<std::string> told;
  for (const auto& record : recording.arms) {
    if (record.arm.is_reams_own()) continue;
    told.insert(
        fmt::format("note: '{}' may not sync: its time ends when it does, wherever its "
                    "files are by then\n",
                    on_one_line(record.arm.command)));
  }
  return fmt::format("{}", fmt::join(told, ""));
}

std::string method_text(const Recording& recording) {
  auto text = work_text(recording) + sync_note(recording);
  text += fmt::format("{} rounds {}, arms in random order (seed {}), caches {}\n",
                      recording.rounds(), end_text(recording.end), recording.seed,
                      recording.cache == Cache::warm ? "warm" : "cold");
  for (const auto& note : recording.notes) text += note + "\n";
  return text;
}

struct Summary {
  double median, deviation, least, most;
};

Summary summary_of(const ArmRecord& record) {
  const auto seconds = record.seconds();
  const auto [least, most] = std::minmax_element(seconds.begin(), seconds.end());
  return {median(seconds), median_absolute_deviation(seconds), *least, *most};
}

class Tables {
 public:
  Tables(const Recording& recording, Color color)
      : recording_(recording), color_(color), width_(name_width(recording)) {}

  std::string times() const {
    auto text = fmt::format("{}  {:>9} {:>7} {:>17} {:>10} {:>8}\n", cell("", width_), "median",
                            "±MAD", "min–max", "files/s", "MB/s");
    for (const auto& record : recording_.arms) text += time_row(record);
    return text;
  }

  std::string files() const {
    auto text = fmt::format("{}  {:>7} {:>7} {:>7} {:>7} {:>8}  {:>7} {:>8}\n",
                            cell("per file, µs", width_), "p50", "p90", "p99", "p99.9", "max",
                            "CPU s", "switches");
    for (const auto& record : recording_.arms) text += file_row(record.arm.name, record);
    return text;
  }

  std::string calls() const {
    std::string text;
    for (const auto& record : recording_.arms) {
      if (record.latency) text += call_rows(record);
    }
    return text.empty() ? "" : call_head() + text;
  }

  std::string phases() const {
    auto text = fmt::format("{}  {:>6} {:>6} {:>8} {:>7} {:>7} {:>6}  {:>10} {:>7} {:>6}\n",
                            cell("phases, ms", width_), "plan", "fork", "write", "sync", "publish",
                            "join", "first done", "tail", "list");
    const auto head = text.size();
    for (const auto& record : recording_.arms) {
      if (record.arm.command.empty()) text += phase_row(record);
    }
    return text.size() == head ? "" : text + "\n";
  }

 private:
  static constexpr std::size_t step_width = 7;  // of "publish"

  std::string name(const std::string& name) const { return cell(name, width_); }

  double rate(const ArmRecord& record) const {
    return static_cast<double>(record.files) / median(record.seconds());
  }

  double best_rate() const {
    double best = 0;
    for (const auto& record : recording_.arms) best = std::max(best, rate(record));
    return best;
  }

  std::string time_row(const ArmRecord& record) const {
    const auto s = summary_of(record);
    return fmt::format("{}  {:>6.1f} ms {:>7.1f} {:>17} {:>10} {:>8.1f}  {}\n",
                       name(record.arm.name), s.median * 1e3, s.deviation * 1e3,
                       fmt::format("{:.1f}–{:.1f}", s.least * 1e3, s.most * 1e3),
                       grouped(rate(record)), static_cast<double>(record.bytes) / s.median / 1e6,
                       colored(bar(rate(record) / best_rate()), color_));
  }

  template <class Value>
  double median_of(const ArmRecord& record, Value value) const {
    std::vector<double> values;
    for (const auto& sample : record.samples) values.push_back(value(sample));
    return median(values);
  }

  static std::string quantiles(const LatencyHistogram& histogram) {
    const auto at = [&](double q) { return static_cast<double>(histogram.quantile(q)) / 1e3; };
    return fmt::format("{:>7.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>8.0f}", at(0.5), at(0.9), at(0.99),
                       at(0.999), static_cast<double>(histogram.max()) / 1e3);
  }

  std::string file_row(const std::string& arm, const ArmRecord& record) const {
    const auto latency =
        record.latency ? quantiles(record.latency->file)
                       : fmt::format("{:>7} {:>7} {:>7} {:>7} {:>8}", "-", "-", "-", "-", "-");
    return fmt::format("{}  {}  {:>7.3f} {:>8}\n", name(arm), latency,
                       median_of(record, [](const Sample& s) { return s.cpu_seconds; }),
                       grouped(median_of(record, [](const Sample& s) {
                         return static_cast<double>(s.context_switches);
                       })));
  }

  std::string call_head() const {
    return fmt::format("{}  {}  {:>7} {:>7} {:>7} {:>7} {:>8}\n", cell("by step, µs", width_),
                       cell("", step_width), "p50", "p90", "p99", "p99.9", "max");
  }

  std::string call_rows(const ArmRecord& record) const {
    const auto& l = *record.latency;
    const std::pair<const char*, const LatencyHistogram*> steps[] = {{"open", &l.open},
                                                                     {"write", &l.write},
                                                                     {"sync", &l.sync},
                                                                     {"publish", &l.publish},
                                                                     {"close", &l.close}};
    std::string text;
    for (const auto& [step, histogram] : steps) {
      if (histogram->count() == 0) continue;
      text += fmt::format("{}  {}  {}\n", name(record.arm.name), cell(step, step_width),
                          quantiles(*histogram));
    }
    return text;
  }

  std::string phase_row(const ArmRecord& record) const {
    const auto ms = [&](auto value) {
      return 1e3 * median_of(record, [&](const Sample& s) { return value(s); });
    };
    return fmt::format(
        "{}  {:>6.1f} {:>6.1f} {:>8.1f} {:>7.1f} {:>7.1f} {:>6.1f}  {:>10.1f} {:>7.1f} {:>6.1f}\n",
        name(record.arm.name), ms([](auto& s) { return s.phases.plan; }),
        ms([](auto& s) { return s.phases.fork; }), ms([](auto& s) { return s.phases.write; }),
        ms([](auto& s) { return s.phases.sync; }), ms([](auto& s) { return s.phases.publish; }),
        ms([](auto& s) { return s.phases.join; }), ms([](auto& s) { return s.first_done; }),
        ms([](auto& s) { return s.last_done - s.first_done; }),
        ms([](auto& s) { return s.phases.list; }));
  }

  const Recording& recording_;
  Color color_;
  std::size_t width_;
};

std::string efficiency_text(const Recording& recording, std::size_t arm, const Estimate& ratio) {
  const auto share = share_of_workers(recording, arm);
  if (!share || *share == 1) return "";
  const auto workers = recording.arms[arm].arm.workers;
  return fmt::format(", efficiency {:.0f} % of {} worker{}", 100 * ratio.value * *share, workers,
                     workers == 1 ? "" : "s");
}

std::string control_verdict(const std::string& arm, const Estimate& ratio) {
  const bool found = ratio.interval.low > 1 || ratio.interval.high < 1;
  return fmt::format(
      "the same arm twice, {}: ratio {:.3f} [{:.3f}, {:.3f}]; {}\n", arm, ratio.value,
      ratio.interval.low, ratio.interval.high,
      found ? "a difference was found where there is none, as in 5 % of controls"
            : fmt::format("differences below {:.1f} % are noise here",
                          100 * std::max(ratio.interval.high - 1, 1 - ratio.interval.low)));
}

// Those that every arm has a sample of: within a round some are ahead.
std::size_t whole_rounds(const Recording& recording) {
  auto rounds = recording.rounds();
  for (const auto& record : recording.arms) rounds = std::min(rounds, record.samples.size());
  return rounds;
}

std::string enough_text(const Recording& recording) {
  const auto all = enough_workers(recording);
  std::string text;
  for (const auto& [of, workers, is_most] : all) {
    text += fmt::format("{}{} worker{}: {}\n", all.size() > 1 ? of + ", " : "", workers,
                        workers == 1 ? "" : "s",
                        is_most ? "the best of what was tried, and the most"
                                : "enough, more were not shown to help");
  }
  return text;
}

}  // namespace

std::string verdicts(const Recording& recording) {
  std::string text;
  if (recording.rounds() == 0) return "no round was completed: nothing can be said\n";
  if (!recording.has_verdict()) {
    return fmt::format("no verdict: {} of the {} rounds that one takes\n", recording.rounds(),
                       least_pairs);
  }
  if (recording.control) {
    return control_verdict(recording.arms.front().arm.name, speedup(recording, 1));
  }
  for (std::size_t arm = 0; arm < recording.arms.size(); ++arm) {
    const auto base = recording.base_of(arm);
    if (base == arm) continue;
    const auto ratio = speedup(recording, arm);
    text += fmt::format("{}, against {}{}\n", verdict(recording.arms[arm].arm.name, ratio),
                        recording.arms[base].arm.name, efficiency_text(recording, arm, ratio));
  }
  return text + enough_text(recording);
}

std::string to_table(const Recording& recording, Color color) {
  auto text = environment_text(recording) + method_text(recording) + "\n";
  if (recording.rounds() > 0) {
    const Tables tables(recording, color);
    text += tables.times() + "\n" + tables.files() + "\n";
    if (recording.latency == Latency::calls) text += tables.calls() + "\n";
    text += tables.phases();
  }
  return text + verdicts(recording);
}

std::string suggested_options(const Recording& recording) {
  const auto chosen = suggestion(recording);
  if (!chosen) return "";
  const auto& best = recording.arms[chosen->arm].arm;
  auto options = best.is_serial() ? std::string("--serial") : fmt::format("-j{}", best.workers);
  if (best.placement == Placement::process_per_job) options += " --process-per-file";
  const auto& work = recording.works[best.work];
  if (best.layout.kind != Layout::Kind::shared && work.manifest.empty()) {
    const auto directories = directories_of(best);
    options += fmt::format(" --per-dir {}", (work.count + directories - 1) / directories);
  }
  if (best.atomic != Atomic::automatic)
    options += fmt::format(" --atomic {}", name_of(best.atomic));
  if (best.sync != Sync::none) options += fmt::format(" --sync {}", name_of(best.sync));
  return options;
}

std::string progress_text(const Recording& recording, std::size_t arm, bool warming_up) {
  auto text = fmt::format("{}{}, round {}", warming_up ? "warming up: " : "",
                          recording.arms[arm].arm.name, whole_rounds(recording) + 1);
  const auto rounds = whole_rounds(recording);
  if (rounds < 3 || recording.arms.size() < 2) return text;
  Recording whole = recording;
  for (auto& record : whole.arms) record.samples.resize(rounds);
  const auto ratio = speedup(whole, recording.arms.size() - 1);
  return text + fmt::format(": {} {:.2f} [{:.2f}, {:.2f}]", recording.arms.back().arm.name,
                            ratio.value, ratio.interval.low, ratio.interval.high);
}

}  // namespace ream::bench
