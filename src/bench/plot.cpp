#include "bench/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <map>

#include "os/shell.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace fs = boost::filesystem;

namespace {

std::string quoted_for_gnuplot(const std::string& text) {
  auto plain = boost::replace_all_copy(text, "'", "''");
  return "'" + boost::replace_all_copy(plain, "\n", " ") + "'";
}

std::string terminal_of(const fs::path& path) {
  if (path.extension() == ".svg") return "svg size 900,800 font 'sans,13' background 'white'";
  if (path.extension() == ".png") return "pngcairo size 900,800 font 'sans,11'";
  throw InputError("--plot " + path.native(), "the name must end with .svg or .png");
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

// What a line of the upper picture stands for: arms that differ in workers alone.
std::string line_of(const Arm& arm) {
  const auto workers = fmt::format("-j{}", arm.workers);
  auto name = boost::replace_first_copy(arm.name, workers, "parallel");
  return name;
}

bool has_several_numbers_of_workers(const Recording& recording) {
  unsigned first = 0;
  for (const auto& record : recording.arms) {
    const auto& arm = record.arm;
    if (!arm.command.empty() || arm.placement == Placement::in_process) continue;
    if (first != 0 && arm.workers != first) return true;
    first = arm.workers;
  }
  return false;
}

std::string data_block(const std::string& name, const std::string& rows) {
  return fmt::format("${} << EOD\n{}EOD\n", name, rows);
}

std::string over_workers(const Recording& recording) {
  std::map<std::string, std::string> lines;
  unsigned most = 1;
  for (const auto& record : recording.arms) most = std::max(most, record.arm.workers);
  for (const auto& record : recording.arms) {
    const auto r = rate_of(record);
    const bool flat = !record.arm.command.empty();
    lines[line_of(record.arm)] +=
        fmt::format("{} {} {} {}\n", record.arm.workers, r.middle, r.low, r.high);
    if (flat)
      lines[line_of(record.arm)] += fmt::format("{} {} {} {}\n", most, r.middle, r.low, r.high);
  }
  std::string blocks, plots;
  for (const auto& [name, rows] : lines) {
    const auto block =
        fmt::format("line{}", plots.empty() ? 0 : std::count(plots.begin(), plots.end(), '\n'));
    blocks += data_block(block, rows);
    plots += fmt::format("{}${} using 1:2:3:4 with yerrorlines linewidth 2 pointtype 7 title {}",
                         plots.empty() ? "plot " : ", \\\n", block, quoted_for_gnuplot(name));
  }
  return blocks + "set xlabel 'workers'\nset xrange [0.5:*]\nset xtics 1\nset key top left\n" +
         plots + "\n";
}

std::string as_bars(const Recording& recording) {
  std::string rows;
  int place = 0;
  for (const auto& record : recording.arms) {
    const auto r = rate_of(record);
    rows += fmt::format("{} {} {} {} \"{}\"\n", place++, r.middle, r.low, r.high,
                        boost::replace_all_copy(record.arm.name, "\"", "'"));
  }
  return data_block("bars", rows) +
         "set style fill solid 0.5\nset boxwidth 0.5\nset xrange [-0.7:" +
         fmt::format("{}.7]\n", recording.arms.size() - 1) +
         "plot $bars using 1:2:(0.5):xtic(5) with boxes notitle, "
         "$bars using 1:2:3:4 with yerrorbars linewidth 2 linecolor 'black' notitle\n";
}

std::string samples(const Recording& recording) {
  std::string blocks, plots;
  for (std::size_t arm = 0; arm < recording.arms.size(); ++arm) {
    std::string rows;
    for (const auto& sample : recording.arms[arm].samples) {
      rows += fmt::format("{} {}\n", sample.round + 1, sample.seconds * 1e3);
    }
    blocks += data_block(fmt::format("samples{}", arm), rows);
    plots += fmt::format("{}$samples{} using 1:2 with points pointtype 7 pointsize 0.5 title {}",
                         arm == 0 ? "plot " : ", \\\n", arm,
                         quoted_for_gnuplot(recording.arms[arm].arm.name));
  }
  return blocks +
         "unset xtics\nset xtics autofreq\nset xrange [0:*]\nset xlabel 'round'\n"
         "set ylabel 'milliseconds'\nset key outside bottom center horizontal\n" +
         plots + "\n";
}

std::string title(const Recording& recording) {
  const auto& e = recording.environment;
  const auto kind = e.filesystem.substr(0, e.filesystem.find(' '));
  return fmt::format("{} on {}, {} processors, {} rounds", to_string(recording.works.front()), kind,
                     e.processors, recording.rounds());
}

}  // namespace

std::string plot_script(const Recording& recording, const fs::path& path) {
  return fmt::format("set terminal {}\nset output {}\n", terminal_of(path),
                     quoted_for_gnuplot(path.native())) +
         "set multiplot layout 2,1\nset grid ytics\nset yrange [0:*]\nset termoption noenhanced\n" +
         fmt::format("set title {}\n", quoted_for_gnuplot(title(recording))) +
         "set ylabel 'thousand files/s'\n" +
         (has_several_numbers_of_workers(recording) ? over_workers(recording)
                                                    : as_bars(recording)) +
         "unset title\n" + samples(recording) + "unset multiplot\n";
}

void check_plot(const fs::path& path) {
  terminal_of(path);
  if (os::run_in_shell("command -v gnuplot", os::Output::nowhere).success()) return;
  throw InputError("--plot",
                   "gnuplot is missing: install it (Debian: apt-get install gnuplot-nox)");
}

void plot(const Recording& recording, const fs::path& path) {
  const auto script = fs::temp_directory_path() / fs::unique_path("ream-plot-%%%%-%%%%-%%%%");
  std::ofstream(script.native()) << plot_script(recording, path);
  const auto status =
      os::run_in_shell("gnuplot " + os::shell_word(script.native()), os::Output::to_standard_error);
  boost::system::error_code ignored;
  fs::remove(script, ignored);
  if (!status.success()) {
    throw std::runtime_error(
        fmt::format("gnuplot {}: there is no {}", status.to_string(), quoted(path.native())));
  }
}

}  // namespace ream::bench
