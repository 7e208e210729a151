#include "os/processors.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>

namespace ream::os {

namespace {

unsigned processors_by_affinity() {
  // A mask of the kernel can be larger than cpu_set_t's 1024 processors; EINVAL says so.
  for (std::size_t processors = CPU_SETSIZE; processors <= std::size_t{1} << 20; processors *= 2) {
    cpu_set_t* set = CPU_ALLOC(processors);
    const std::size_t size = CPU_ALLOC_SIZE(processors);
    const bool known = ::sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (known) return static_cast<unsigned>(std::max(count, 1));
  }
  return 1;
}

std::optional<double> quota_of(const std::string& group_directory) {
  std::ifstream v2(group_directory + "/cpu.max");
  std::string quota;
  double period = 0;
  if (v2 >> quota >> period && quota != "max" && period > 0) return std::stod(quota) / period;
  std::ifstream quota_v1(group_directory + "/cpu.cfs_quota_us");
  std::ifstream period_v1(group_directory + "/cpu.cfs_period_us");
  double microseconds = 0;
  if (quota_v1 >> microseconds && period_v1 >> period && microseconds > 0 && period > 0) {
    return microseconds / period;
  }
  return std::nullopt;
}

// A limit may stand at any ancestor of the group.
std::optional<double> lowest_quota(const std::string& mount, std::string group) {
  std::optional<double> lowest;
  while (true) {
    const auto quota = quota_of(mount + group);
    if (quota && (!lowest || *quota < *lowest)) lowest = quota;
    if (group.empty()) return lowest;
    group.erase(group.rfind('/'));
  }
}

std::optional<double> processors_by_quota() {
  std::optional<double> lowest;
  std::ifstream groups("/proc/self/cgroup");  // lines "id:controllers:/path"
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos || line[second + 1] != '/') continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool v2 = controllers.empty();
    if (!v2 && ("," + controllers + ",").find(",cpu,") == std::string::npos) continue;
    std::string group = line.substr(second + 1);
    if (group == "/") group.clear();
    const auto quota = lowest_quota(v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu", group);
    if (quota && (!lowest || *quota < *lowest)) lowest = quota;
  }
  return lowest;
}

}  // namespace

unsigned usable_processors() {
  const unsigned allowed = processors_by_affinity();
  const auto quota = processors_by_quota();
  if (!quota) return allowed;
  return std::clamp(static_cast<unsigned>(std::ceil(*quota)), 1U, allowed);
}

}  // namespace ream::os
