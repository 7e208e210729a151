// What the calling process and its children that have ended have used (getrusage(2)).
#pragma once

#include <cstdint>

namespace ream::os {

struct ResourceUsage {
  double cpu_seconds = 0;  // user and system
  std::uint64_t context_switches = 0;

  ResourceUsage operator-(const ResourceUsage& before) const noexcept {
    return {cpu_seconds - before.cpu_seconds, context_switches - before.context_switches};
  }
};

ResourceUsage resource_usage() noexcept;

}  // namespace ream::os
