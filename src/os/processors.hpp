#pragma once

namespace ream::os {

// How many processors this process may use: its affinity, lowered by the CPU quota of its control
// group (cgroup v2 cpu.max, v1 cpu.cfs_quota_us), rounded up. At least 1.
unsigned usable_processors();

}  // namespace ream::os
