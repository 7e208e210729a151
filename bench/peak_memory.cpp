// How much memory do a command and all processes that it starts take together, at most?
//
// Usage: peak_memory COMMAND ...
//
// Looks every 5 milliseconds while the command runs. Prints two tab-separated figures in KiB: the
// largest sum of private memory (pages that one process alone has), and the largest sum in which
// every shared page is counted once in all.
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

#include "silent_command.hpp"

namespace {

struct Memory {
  long own = 0;
  long share = 0;
};

// A process that has ended in the meantime has no memory any more: its files read as empty.
Memory memory_of(pid_t pid) {
  Memory memory;
  std::ifstream fields("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string name;
  std::getline(fields, name);
  for (long kib = 0; fields >> name >> kib; fields.ignore(16, '\n')) {
    if (name == "Private_Clean:" || name == "Private_Dirty:") memory.own += kib;
    if (name == "Pss:") memory.share += kib;
  }
  return memory;
}

Memory memory_of_tree(pid_t pid) {
  Memory sum = memory_of(pid);
  const std::string id = std::to_string(pid);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  for (pid_t child = 0; children >> child;) {
    const Memory memory = memory_of_tree(child);
    sum.own += memory.own;
    sum.share += memory.share;
  }
  return sum;
}

Memory peak_of(const Command& words) {
  SilentCommand command(words);
  const pid_t pid = command.start();
  Memory peak;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    const Memory now = memory_of_tree(pid);
    peak.own = std::max(peak.own, now.own);
    peak.share = std::max(peak.share, now.share);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  command.require_success(status);
  return peak;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::fputs("usage: peak_memory COMMAND ...\n", stderr);
    return 2;
  }
  const Memory peak = peak_of({argv + 1, argv + argc});
  std::printf("%ld\t%ld\n", peak.own, peak.share);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "peak_memory: %s\n", error.what());
  return 1;
}
