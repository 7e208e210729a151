// Compiled with --coverage: process_coverage_test looks at how often its functions ran.
#include <cstdlib>

#include "ream/process.hpp"

namespace {

volatile int called = 0;

void in_a_child_that_returns() {
  called = called + 1;
}

void in_a_child_that_exits() {
  called = called + 1;
  std::exit(0);
}

void in_a_daemon() {
  called = called + 1;
}

void in_the_parent() {
  called = called + 1;
}

void run(ream::Process process) {
  process.start();
  process.join();
}

}  // namespace

int main() {
  in_the_parent();
  for (int i = 0; i < 3; ++i) run(ream::Process(in_a_child_that_returns));
  for (int i = 0; i < 2; ++i) run(ream::Process(in_a_child_that_exits));
  run(ream::Process({.daemon = true}, in_a_daemon));
}
