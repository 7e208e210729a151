// A program started by root as somebody else, who owns nothing and may do little.
#pragma once

#include <unistd.h>

namespace ream::test {

// For RunOptions::before_exec.
inline void become_nobody() {
  constexpr unsigned nobody = 65534;
  if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) ::_exit(99);
}

}  // namespace ream::test
