// Starts and joins processes that do nothing, by ream::Process or by the bare system calls: what is
// between the two is what a Process costs. Both are in one program, since what a program maps is
// what its forks copy.
//
// Usage: process_rounds raw|ream one-by-one|at-once COUNT
//
//   raw    fork(), _exit(0) in the child, waitid(): no standard stream is flushed, no descriptor
//          watched, no signal kept off
//   ream   ream::Process
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <vector>

#include "ream/process.hpp"

namespace {

void do_nothing() {}

pid_t raw_start() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  if (pid == -1) std::perror("fork"), std::exit(1);
  return pid;
}

void raw_join(pid_t pid) {
  siginfo_t info;
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0)
    std::perror("waitid"), std::exit(1);
}

void raw_one_by_one(int count) {
  for (int i = 0; i < count; ++i) raw_join(raw_start());
}

void raw_at_once(int count) {
  std::vector<pid_t> pids;
  for (int i = 0; i < count; ++i) pids.push_back(raw_start());
  for (const pid_t pid : pids) raw_join(pid);
}

void ream_one_by_one(int count) {
  for (int i = 0; i < count; ++i) {
    ream::Process process(do_nothing);
    process.start();
    process.join();
  }
}

void ream_at_once(int count) {
  std::vector<ream::Process> processes;
  for (int i = 0; i < count; ++i) processes.emplace_back(do_nothing).start();
  ream::join_all(processes);
}

int usage() {
  std::fputs("usage: process_rounds raw|ream one-by-one|at-once COUNT\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) return usage();
  const std::string_view by = argv[1];
  const std::string_view order = argv[2];
  const int count = std::atoi(argv[3]);
  const bool known = (by == "raw" || by == "ream") && (order == "one-by-one" || order == "at-once");
  if (!known || count < 1) return usage();
  if (order == "at-once") {
    (by == "raw" ? raw_at_once : ream_at_once)(count);
  } else {
    (by == "raw" ? raw_one_by_one : ream_one_by_one)(count);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "process_rounds: %s\n", error.what());
  return 1;
}
