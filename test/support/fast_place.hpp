// Where trees go that are written thousands of times.
#pragma once

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

namespace ream::test {

// In memory, where the machine has such a place.
inline boost::filesystem::path fast_place() {
  const char* in_memory = "/dev/shm";
  if (::access(in_memory, W_OK | X_OK) == 0) return in_memory;
  return boost::filesystem::temp_directory_path();
}

}  // namespace ream::test
