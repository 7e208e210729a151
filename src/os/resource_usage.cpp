#include "os/resource_usage.hpp"

#include <sys/resource.h>

namespace ream::os {

namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void add(ResourceUsage& usage, int who) noexcept {
  struct rusage used = {};
  getrusage(who, &used);
  usage.cpu_seconds += seconds(used.ru_utime) + seconds(used.ru_stime);
  usage.context_switches += static_cast<std::uint64_t>(used.ru_nvcsw + used.ru_nivcsw);
}

}  // namespace

ResourceUsage resource_usage() noexcept {
  ResourceUsage usage;
  add(usage, RUSAGE_SELF);
  add(usage, RUSAGE_CHILDREN);
  return usage;
}

}  // namespace ream::os
