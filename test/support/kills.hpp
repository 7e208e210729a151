// Kills at random moments of a run.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace ream::test {

using Random = std::mt19937_64;
using Duration = std::chrono::microseconds;

// Another one each time, or REAM_SEED from the environment: to draw the same again.
inline std::uint64_t seed() {
  static const std::uint64_t drawn = [] {
    const char* given = std::getenv("REAM_SEED");
    return given != nullptr ? std::stoull(given) : std::random_device{}();
  }();
  return drawn;
}

inline std::uint64_t below(std::uint64_t limit, Random& random) {
  return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(random);
}

// What is tried is any moment at all, so nothing is waited for here.
inline void let_pass_some_of(Duration whole, Random& random) {
  const auto share = static_cast<std::uint64_t>(whole.count()) + 1;
  std::this_thread::sleep_for(Duration(below(share, random)));
}

template <class Action>
Duration time_of(Action action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin);
}

inline std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream list("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

}  // namespace ream::test
