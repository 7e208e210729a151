#include "os/caches.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "os/errors.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"

namespace ream::os {

void drop_caches() {
  constexpr const char* control = "/proc/sys/vm/drop_caches";
  ::sync();
  const Fd file(::open(control, O_WRONLY | O_CLOEXEC));
  // 3: pages, and directory entries and inodes.
  if (!file || !write_all(file.get(), "3\n")) throw_errno(Operation::write, control);
}

}  // namespace ream::os
