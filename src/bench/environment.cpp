#include "bench/environment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>
#include <ctime>
#include <fstream>
#include <sstream>

#include "os/mounts.hpp"
#include "os/processors.hpp"
#include "os/space.hpp"
#include "ream/version.hpp"

namespace ream::bench {

namespace {

constexpr double busy_load = 0.5;  // for each processor
constexpr double much_steal = 0.02;
constexpr double nearly_full = 0.9;

std::string first_line_of(const char* file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line.empty() ? "unknown" : line;
}

std::string processor_model() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    return boost::trim_copy(line.substr(line.find(':') + 1));
  }
  return "unknown";
}

std::string build_type() {
#ifdef __OPTIMIZE__
#ifdef NDEBUG
  return "release";
#else
  return "optimised, with assertions";
#endif
#else
  return "debug (not optimised)";
#endif
}

struct Ticks {
  std::uint64_t all = 0;
  std::uint64_t stolen = 0;
};

// The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal ...
Ticks processor_ticks() {
  std::istringstream line(first_line_of("/proc/stat"));
  std::string name;
  line >> name;
  Ticks ticks;
  std::uint64_t value = 0;
  for (int field = 0; field < 8 && line >> value; ++field) {
    ticks.all += value;
    if (field == 7) ticks.stolen = value;
  }
  return ticks;
}

}  // namespace

std::vector<std::string> warnings_before(const Environment& environment, double full) {
  std::vector<std::string> warnings;
  if (environment.build != "release") {
    warnings.push_back(fmt::format(
        "this is no release build but {}: its figures say nothing of one", environment.build));
  }
  if (environment.load > busy_load * environment.processors) {
    warnings.push_back(fmt::format("the machine is busy: a load of {:.1f} on {} processors",
                                   environment.load, environment.processors));
  }
  if (full > nearly_full) {
    warnings.push_back(
        fmt::format("the filesystem is {:.0f} % full, and slower than an empty one", full * 100));
  }
  return warnings;
}

std::vector<std::string> warnings_after(const Environment& environment) {
  if (environment.steal <= much_steal) return {};
  return {
      fmt::format("other machines took {:.0f} % of the processors' time", environment.steal * 100)};
}

Environment environment_of(const boost::filesystem::path& directory) {
  Environment environment;
  environment.directory = boost::filesystem::absolute(directory).native();
  environment.filesystem = os::mount_text(directory);
  environment.kernel = first_line_of("/proc/sys/kernel/osrelease");
  environment.processors = os::usable_processors();
  environment.processor = processor_model();
  environment.governor = first_line_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  std::ifstream("/proc/loadavg") >> environment.load;
  environment.version = std::string(version());
  environment.build = build_type();
  environment.date = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  const auto ticks = processor_ticks();
  environment.ticks_before = ticks.all;
  environment.stolen_before = ticks.stolen;
  environment.warnings = warnings_before(environment, os::full_share(directory));
  return environment;
}

void warn_where_nothing_is_dropped(Environment& environment) {
  const std::string_view filesystem = environment.filesystem;
  if (!filesystem.starts_with("tmpfs ") && !filesystem.starts_with("ramfs ")) return;
  environment.warnings.emplace_back(
      "files on tmpfs are in memory alone: dropping the caches makes none of them cold");
}

void finish_environment(Environment& environment) {
  const auto ticks = processor_ticks();
  const auto passed = ticks.all - environment.ticks_before;
  if (passed == 0) return;
  environment.steal =
      static_cast<double>(ticks.stolen - environment.stolen_before) / static_cast<double>(passed);
  for (auto& warning : warnings_after(environment)) {
    environment.warnings.push_back(std::move(warning));
  }
}

}  // namespace ream::bench
