// A parent that is killed at any moment leaves no daemon behind.
#define BOOST_TEST_MODULE process_killed_parent
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <random>
#include <thread>

#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

constexpr int at_once = 20;
constexpr int batches = 10;
// How long a parent takes to start all of its daemons, more or less.
constexpr int longest_delay_us = 30'000;

[[noreturn]] void sleep_for_ever() {
  while (true) ::pause();
}

void start_daemons() {
  for (int i = 0; i < 4; ++i) {
    (new Process({.daemon = true}, sleep_for_ever))->start();
    std::thread([] {
      (new Process({.daemon = true, .may_have_children = true}, [] {
        Process its_own(sleep_for_ever);
        its_own.start();
        sleep_for_ever();
      }))->start();
    }).join();
  }
}

struct Victim {
  Process::Clock::time_point end;
  pid_t pid;
};

Victim forked_parent(std::chrono::microseconds delay) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    start_daemons();
    sleep_for_ever();
  }
  return {Process::Clock::now() + delay, pid};
}

std::vector<Victim> forked_parents(std::mt19937& random) {
  std::uniform_int_distribution delay(0, longest_delay_us);
  std::vector<Victim> victims;
  for (int i = 0; i < at_once; ++i) {
    victims.push_back(forked_parent(std::chrono::microseconds(delay(random))));
  }
  std::sort(victims.begin(), victims.end(),
            [](const Victim& one, const Victim& other) { return one.end < other.end; });
  return victims;
}

// True once there is nobody left to wait for.
bool all_are_gone(int& orphans) {
  for (pid_t pid = 0; (pid = ::waitpid(-1, nullptr, WNOHANG)) > 0;) ++orphans;
  return errno == ECHILD;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_daemon_is_left_after_a_kill_at_any_of_200_moments) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << std::endl;
  std::mt19937 random(seed);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  int reaped = 0;
  for (int batch = 0; batch < batches; ++batch) {
    for (const auto& victim : forked_parents(random)) {
      std::this_thread::sleep_until(victim.end);
      ::kill(victim.pid, SIGKILL);
    }
    BOOST_REQUIRE(eventually([&] { return all_are_gone(reaped); }, 1s));
  }
  std::cout << reaped - batches * at_once << " daemons\n";
  BOOST_TEST(reaped > 2 * batches * at_once);  // or the moments were before all starts
}
