#pragma once

#include <cstddef>

#include "os/fd.hpp"

namespace ream::os {

// Standard input as a file with random access: itself where it is a regular file, else an unlinked
// temporary file to which it was copied up to its end.
struct StandardInput {
  Fd fd;
  std::size_t size = 0;
  std::size_t offset = 0;  // where it stood: what somebody else has read is not ours
};

// Throws Error.
StandardInput open_standard_input();

}  // namespace ream::os
