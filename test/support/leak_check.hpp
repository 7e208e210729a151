// Programs that are built with the address sanitizer look for leaks when they end.
#pragma once

#include "support/run_program.hpp"

namespace ream::test {

// For runs of which anybody may be killed: the sanitizer looks through a child process of its own,
// and where that is killed, the program never ends. It also takes most of the time of a short run.
inline RunOptions without_leak_check(RunOptions options = {}) {
  options.environment["ASAN_OPTIONS"] = "detect_leaks=0";
  return options;
}

}  // namespace ream::test
