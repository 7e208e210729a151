// For tests that make many files, or images of filesystems: a disk would take most of their time.
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace ream::test {

// A global fixture. Where somebody has said where temporary files go, they go there.
struct TemporaryFilesInMemory {
  TemporaryFilesInMemory() {
    constexpr const char* in_memory = "/dev/shm";
    if (::access(in_memory, W_OK | X_OK) == 0) ::setenv("TMPDIR", in_memory, 0);
  }
};

}  // namespace ream::test
