#pragma once

namespace ream::os {

// Brings everything to the disks, then has the kernel forget what it has cached of them
// (/proc/sys/vm/drop_caches). Throws Error where this process may not.
void drop_caches();

}  // namespace ream::os
