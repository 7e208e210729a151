#include "bench/plot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "bench/cell.hpp"
#include "bench/measure.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/process.hpp"
#include "os/shell.hpp"
#include "os/signals.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace fs = boost::filesystem;

namespace {

std::string quoted_for_gnuplot(const std::string& text) {
  auto plain = boost::replace_all_copy(text, "'", "''");
  return "'" + boost::replace_all_copy(plain, "\n", " ") + "'";
}

constexpr int panel_width = 900;  // pixels, for each work
constexpr int height = 900;
constexpr std::size_t title_width = 90;
constexpr std::size_t legend_width = 48;
constexpr std::size_t labels_width = 96;  // of all the names beneath the bars

std::string terminal_of(const fs::path& path, std::size_t works) {
  const auto width = panel_width * std::max<std::size_t>(works, 1);
  if (path.extension() == ".svg") {
    return fmt::format("svg size {},{} font 'sans,13' background 'white'", width, height);
  }
  if (path.extension() == ".png")
    return fmt::format("pngcairo size {},{} font 'sans,11'", width, height);
  throw InputError("--plot " + path.native(), "the name must end with .svg or .png");
}

// Those of Okabe and Ito, which people tell apart who do not see all colours.
std::string color_of(std::size_t number) {
  static constexpr const char* colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                                           "#56b4e9", "#000000", "#8c564b", "#7f7f7f", "#9467bd"};
  return fmt::format("'{}'", colors[number % std::size(colors)]);
}

double rate(const ArmRecord& record, double seconds) {
  return static_cast<double>(record.files) / seconds / 1000;
}

// The median's rate, and an interval for it by the order of the samples (as the sign test has it).
struct Rate {
  double middle, low, high;
};

Rate rate_of(const ArmRecord& record) {
  auto seconds = record.seconds();
  std::sort(seconds.begin(), seconds.end());
  const auto n = static_cast<double>(seconds.size());
  const double spread = 0.98 * std::sqrt(n);
  const auto at = [&](double rank) {
    const auto index = std::clamp(std::lround(rank), 0L, static_cast<long>(seconds.size()) - 1);
    return seconds[static_cast<std::size_t>(index)];
  };
  return {rate(record, median(seconds)), rate(record, at((n - 1) / 2 + spread)),
          rate(record, at((n - 1) / 2 - spread))};
}

// One work, with its arms: works differ in size, and have no axis in common.
struct Panel {
  std::size_t number = 0;
  Work work;
  std::vector<const ArmRecord*> arms;

  // The same arm has the same colour in both pictures, and in each panel.
  std::string color(std::size_t arm) const { return color_of(arm); }
  std::string block(std::string_view kind, std::size_t i) const {
    return fmt::format("${}_{}_{}", kind, number, i);
  }
};

std::vector<Panel> panels_of(const Recording& recording) {
  std::vector<Panel> panels;
  for (std::size_t work = 0; work < recording.works.size(); ++work) {
    Panel panel{work, recording.works[work], {}};
    for (const auto& record : recording.arms) {
      if (record.arm.work == work) panel.arms.push_back(&record);
    }
    panels.push_back(std::move(panel));
  }
  return panels;
}

bool is_level(const Arm& arm) {
  return arm.is_serial() || !arm.is_reams_own();
}

bool has_several_numbers_of_workers(const Panel& panel) {
  std::set<unsigned> numbers;
  for (const auto* record : panel.arms) {
    if (!is_level(record->arm)) numbers.insert(record->arm.workers);
  }
  return numbers.size() > 1;
}

std::string data_block(const std::string& name, const std::string& rows) {
  return fmt::format("{} << EOD\n{}EOD\n", name, rows);
}

std::string plot_command(const std::vector<std::string>& parts) {
  return fmt::format("plot {}\n", fmt::join(parts, ", \\\n"));
}

unsigned most_workers(const Panel& panel) {
  unsigned most = 1;
  for (const auto* record : panel.arms) most = std::max(most, record->arm.workers);
  return most;
}

std::string rate_row(double place, const ArmRecord& record) {
  const auto r = rate_of(record);
  return fmt::format("{} {} {} {}\n", place, r.middle, r.low, r.high);
}

// Arms that differ in workers alone are one line; those without workers are level ones to compare
// with.
std::map<std::string, std::vector<std::size_t>> arms_by_line(const Panel& panel) {
  std::map<std::string, std::vector<std::size_t>> lines;
  for (std::size_t i = 0; i < panel.arms.size(); ++i) {
    lines[name_without_workers(panel.arms[i]->arm)].push_back(i);
  }
  for (auto& [name, arms] : lines) {
    std::sort(arms.begin(), arms.end(), [&](auto a, auto b) {
      return panel.arms[a]->arm.workers < panel.arms[b]->arm.workers;
    });
  }
  return lines;
}

// Arms without workers stand side by side at the left, or their intervals would lie on each other.
double place_of(const Panel& panel, std::size_t arm) {
  if (!is_level(panel.arms[arm]->arm)) return panel.arms[arm]->arm.workers;
  const auto before =
      std::count_if(panel.arms.begin(), panel.arms.begin() + static_cast<std::ptrdiff_t>(arm),
                    [](const ArmRecord* record) { return is_level(record->arm); });
  return 0.94 - 0.06 * static_cast<double>(std::min<std::ptrdiff_t>(before, 6));
}

// Thin, since its points say what was measured.
std::string line_rows(const Panel& panel, const std::vector<std::size_t>& arms) {
  std::string rows;
  for (const auto i : arms) rows += rate_row(place_of(panel, i), *panel.arms[i]);
  const auto& first = *panel.arms[arms.front()];
  if (is_level(first.arm)) rows += rate_row(most_workers(panel), first);
  return rows;
}

std::string over_workers(const Panel& panel) {
  std::string blocks;
  std::vector<std::string> plots;
  std::size_t number = 0;
  for (const auto& [name, arms] : arms_by_line(panel)) {
    const auto block = panel.block("line", number++);
    blocks += data_block(block, line_rows(panel, arms));
    const bool level = is_level(panel.arms[arms.front()]->arm);
    plots.push_back(
        fmt::format("{} using 1:2 with lines linewidth 1.5 dashtype {} linecolor {} title {}",
                    block, level ? 2 : 1, level ? panel.color(arms.front()) : "'#555555'",
                    quoted_for_gnuplot(shortened(name, legend_width))));
  }
  for (std::size_t i = 0; i < panel.arms.size(); ++i) {
    const auto block = panel.block("rate", i);
    blocks += data_block(block, rate_row(place_of(panel, i), *panel.arms[i]));
    plots.push_back(
        fmt::format("{} using 1:2:3:4 with yerrorbars linewidth 2 pointtype 7 linecolor {} notitle",
                    block, panel.color(i)));
  }
  return blocks +
         fmt::format(
             "set xlabel 'workers'\nset xrange [0.5:{}.5]\nset xtics 1\nset xtics norotate\n"
             "set key outside bottom center horizontal\n",
             most_workers(panel)) +
         plot_command(plots);
}

std::string as_bars(const Panel& panel) {
  std::string blocks, labels;
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < panel.arms.size(); ++i) {
    const auto& record = *panel.arms[i];
    const auto block = panel.block("bar", i);
    blocks += data_block(block, rate_row(static_cast<double>(i), record));
    plots.push_back(
        fmt::format("{} using 1:2:(0.5) with boxes linecolor {} notitle", block, panel.color(i)));
    plots.push_back(
        fmt::format("{} using 1:2:3:4 with yerrorbars linewidth 2 pointtype 7 pointsize 0.5 "
                    "linecolor 'black' notitle",
                    block));
    labels += fmt::format(
        "{}{} {}", labels.empty() ? "" : ", ",
        quoted_for_gnuplot(shortened(record.arm.name, labels_width / panel.arms.size())), i);
  }
  return blocks +
         fmt::format(
             "set style fill solid 0.5\nset boxwidth 0.5\nunset xlabel\n"
             "set xrange [-0.7:{}.7]\nset xtics ({})\n",
             panel.arms.size() - 1, labels) +
         plot_command(plots);
}

std::string samples(const Panel& panel, std::size_t rounds) {
  std::string blocks;
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < panel.arms.size(); ++i) {
    std::string rows;
    for (const auto& sample : panel.arms[i]->samples) {
      rows += fmt::format("{} {}\n", sample.round + 1, sample.seconds * 1e3);
    }
    blocks += data_block(panel.block("samples", i), rows);
    plots.push_back(
        fmt::format("{} using 1:2 with points pointtype 7 pointsize 0.5 linecolor {} title {}",
                    panel.block("samples", i), panel.color(i),
                    quoted_for_gnuplot(shortened(panel.arms[i]->arm.name, legend_width))));
  }
  return blocks + "unset title\nunset xtics\nset xtics autofreq\n" +
         fmt::format("set xrange [0:{}]\nset xlabel 'round'\n", rounds + 1) +
         "set ylabel 'milliseconds'\nset key outside bottom center horizontal\n" +
         plot_command(plots);
}

// A long one keeps its beginning: the end says the least.
std::string title(const Panel& panel, const Recording& recording) {
  const auto& e = recording.environment;
  const auto kind = e.filesystem.substr(0, e.filesystem.find(' '));
  const auto where = fmt::format(" on {}, {} processor{}, {} rounds", kind, e.processors,
                                 e.processors == 1 ? "" : "s", recording.rounds());
  const auto room = title_width - std::min(title_width, display_width(where));
  return shortened(shortened(to_string(panel.work), room) + where, title_width);
}

std::string rates(const Panel& panel, const Recording& recording) {
  return fmt::format("set title {}\nset ylabel 'thousand files/s'\nset key default\n",
                     quoted_for_gnuplot(title(panel, recording))) +
         (has_several_numbers_of_workers(panel) ? over_workers(panel) : as_bars(panel));
}

// However this program ends, nothing is left of it.
os::Fd file_without_a_name(const std::string& content) {
  auto file = os::unlinked_temporary();
  if (!os::write_all(file.get(), content)) {
    os::throw_errno(Operation::write, "a temporary file for gnuplot");
  }
  return file;
}

}  // namespace

std::string plot_script(const Recording& recording, const fs::path& path) {
  const auto panels = panels_of(recording);
  auto script = fmt::format("set terminal {}\nset output {}\nset multiplot layout 2,{}\n",
                            terminal_of(path, panels.size()), quoted_for_gnuplot(path.native()),
                            panels.size());
  script += "set grid ytics\nset yrange [0:*]\nset termoption noenhanced\n";
  for (const auto& panel : panels) script += rates(panel, recording);
  for (const auto& panel : panels) script += samples(panel, recording.rounds());
  return script + "unset multiplot\n";
}

void check_plot(const fs::path& path) {
  terminal_of(path, 1);
  if (os::run_in_shell("command -v gnuplot", os::Output::nowhere).success()) return;
  throw InputError("--plot",
                   "gnuplot is missing: install it (Debian: apt-get install gnuplot-nox)");
}

void plot(const Recording& recording, const fs::path& path) {
  const os::StopSignals stop(os::stop_signals, os::SecondSignal::is_counted);
  const auto script = file_without_a_name(plot_script(recording, path));
  const auto command = fmt::format("gnuplot /proc/{}/fd/{}", os::current_pid(), script.get());
  const auto status = os::run_in_shell(command, os::Output::to_standard_error, stop.wake_fd());
  if (stop.count() > 0) throw Stopped{stop.last()};
  if (!status.success()) {
    throw std::runtime_error(
        fmt::format("gnuplot {}: there is no {}", status.to_string(), quoted(path.native())));
  }
}

}  // namespace ream::bench
