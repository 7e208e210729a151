// Whether a test can let system calls of a program fail.
#pragma once

#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"

namespace ream::test {

inline bool faults_can_be_made() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  BOOST_TEST_MESSAGE("skipped: a sanitizer makes the same calls, and does not expect them to fail");
  return false;
#else
  const auto ended = run("strace", {"-qq", "-o", "/dev/null", "true"});
  if (ended.exit_code == 0) return true;
  BOOST_TEST_MESSAGE("skipped: no strace here, or no right to trace: " << ended.err);
  return false;
#endif
}

}  // namespace ream::test
