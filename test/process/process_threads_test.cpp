// Threads that start, join and signal processes side by side.
#define BOOST_TEST_MODULE process_threads
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <thread>

#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;

namespace {

void in_threads(int count, const std::function<void(int)>& function) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(function, i);
  for (auto& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_CASE(processes_are_started_from_several_threads) {
  std::atomic<int> right{0};
  in_threads(4, [&](int thread) {
    for (int i = 0; i < 100; ++i) {
      const int code = (thread * 100 + i) % 251;
      Process process({.daemon = i % 2 == 0}, [code] { std::exit(code); });
      process.start();
      process.join();
      right += process.exitcode() == code;
    }
  });
  BOOST_TEST(right == 400);
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(children_that_run_at_once_are_each_their_own_threads) {
  const auto before = open_descriptors();
  std::atomic<int> right{0};
  in_threads(4, [&](int thread) {
    std::vector<Process> several;
    for (int i = 0; i < 25; ++i) {
      several.emplace_back(ProcessOptions{.daemon = i % 2 == 0},
                           [=] { std::exit(thread * 25 + i); });
      several.back().start();
    }
    join_all(several);
    for (int i = 0; i < 25; ++i) {
      right += several[static_cast<std::size_t>(i)].exitcode() == thread * 25 + i;
    }
  });
  BOOST_TEST(right == 100);
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(several_threads_may_wait_for_and_signal_the_same_process) {
  for (int round = 0; round < 20; ++round) {
    Process process([] { ::pause(); });
    process.start();
    std::atomic<int> right{0};
    in_threads(4, [&](int thread) {
      if (thread == 0) process.terminate();
      if (thread == 1) active_children();
      process.join();
      right += process.exitcode() == -SIGTERM && !process.is_alive();
    });
    BOOST_TEST(right == 4);
  }
}

BOOST_AUTO_TEST_CASE(a_child_started_by_a_thread_may_start_children_by_threads) {
#if defined(__SANITIZE_THREAD__)
  BOOST_TEST_MESSAGE("skipped: ThreadSanitizer allows no threads in a child of several");
#else
  Process process({.daemon = true, .may_have_children = true}, [] {
    std::atomic<int> right{0};
    in_threads(2, [&](int) {
      Process child([] { std::exit(5); });
      child.start();
      child.join();
      right += child.daemon() && child.exitcode() == 5;
    });
    std::exit(right);
  });
  std::thread([&] { process.start(); }).join();
  process.join();
  BOOST_TEST(process.exitcode().value() == 2);
#endif
}

BOOST_AUTO_TEST_CASE(names_are_given_once_only) {
  std::atomic<unsigned> total{0};
  const auto number_of = [](const Process& process) {
    return static_cast<unsigned>(std::stoul(process.name().substr(sizeof "Process-" - 1)));
  };
  const unsigned first = number_of(Process([] {}));
  in_threads(4, [&](int) {
    for (int i = 0; i < 100; ++i) total += number_of(Process([] {})) - first;
  });
  BOOST_TEST(total == 400U * 401U / 2);
}
