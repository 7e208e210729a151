#define BOOST_TEST_MODULE join_all
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <list>
#include <ranges>
#include <stdexcept>

#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

std::vector<Process> started(int count, const std::function<void(int)>& function) {
  std::vector<Process> processes;
  for (int i = 0; i < count; ++i) {
    processes.emplace_back(function, i);
    processes.back().start();
  }
  return processes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(join_all_returns_when_the_last_has_ended) {
  const Gate go;
  const Shared<std::atomic<int>> ended;
  auto processes = started(20, [&](int i) {
    if (i % 3 == 0) go.wait();
    ++*ended;
  });
  Process opener([&] {
    // Those that wait for nobody: the barrier is reached with the others still running.
    eventually([&] { return *ended == 13; });
    go.open();
  });
  opener.start();
  join_all(processes);
  BOOST_TEST(*ended == 20);
  for (const auto& process : processes) BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(each_keeps_its_own_end) {
  auto processes = started(6, [](int i) {
    if (i % 2 == 1) ::raise(SIGKILL);
    std::exit(i);
  });
  join_all(processes);
  for (int i = 0; i < 6; ++i) {
    BOOST_TEST(processes[static_cast<std::size_t>(i)].exitcode().value() == (i % 2 ? -9 : i));
  }
}

BOOST_AUTO_TEST_CASE(join_all_for_tells_whether_all_have_ended) {
  const Gate go;
  auto processes = started(5, [&](int i) {
    if (i == 2) go.wait();
  });
  const auto before = Process::Clock::now();
  BOOST_TEST(!join_all_for(processes, 50ms));
  BOOST_TEST((Process::Clock::now() - before >= 50ms));
  BOOST_TEST(!join_all_for(processes, 0s));
  BOOST_TEST(!join_all_for(processes, -1h));
  go.open();
  BOOST_TEST(join_all_for(processes, 1min));
  BOOST_TEST(join_all_for(processes, 0s));
  BOOST_TEST(join_all_for(processes, std::chrono::hours::max()));
}

BOOST_AUTO_TEST_CASE(any_range_of_processes_or_pointers_will_do) {
  const auto idle = [](auto&&...) {};
  std::list<Process> objects;
  for (int i = 0; i < 2; ++i) objects.emplace_back(idle).start();
  std::vector<Process*> plain;
  for (auto& process : objects) plain.push_back(&process);
  std::vector<std::unique_ptr<Process>> unique;
  unique.push_back(std::make_unique<Process>(idle));
  std::vector<std::shared_ptr<Process>> shared;
  shared.push_back(std::make_shared<Process>(idle));
  unique[0]->start();
  shared[0]->start();
  join_all(objects);
  join_all(plain);
  join_all(unique);
  join_all(shared);
  join_all(plain | std::views::reverse);
  join_all(started(2, idle));  // a temporary, which is gone afterwards
  BOOST_TEST(unique[0]->exitcode().value() == 0);
  BOOST_TEST(shared[0]->exitcode().value() == 0);
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(a_range_without_any_is_joined_at_once) {
  std::vector<Process> none;
  join_all(none);
  BOOST_TEST(join_all_for(none, 0s));
}

BOOST_AUTO_TEST_CASE(one_may_be_named_twice) {
  const Gate go;
  auto processes = started(1, [&](int) { go.wait(); });
  const std::vector<Process*> twice = {&processes[0], &processes[0]};
  BOOST_TEST(!join_all_for(twice, 10ms));
  go.open();
  join_all(twice);
  BOOST_TEST(processes[0].exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_before_any_is_waited_for) {
  const Gate go;
  auto processes = started(2, [&](int) { go.wait(); });
  processes.emplace_back([] {});
  BOOST_CHECK_THROW(join_all(processes), std::logic_error);
  BOOST_CHECK_THROW(join_all_for(processes, 1h), std::logic_error);
  BOOST_TEST(processes[0].is_alive());
  processes[2].close();
  BOOST_CHECK_THROW(join_all(processes), std::logic_error);
  processes.pop_back();
  go.open();
  join_all(processes);
}

BOOST_AUTO_TEST_CASE(hundreds_are_joined) {
  auto processes = started(300, [](int i) { std::exit(i % 256); });
  join_all(processes);
  for (int i = 0; i < 300; ++i) {
    BOOST_TEST(processes[static_cast<std::size_t>(i)].exitcode().value() == i % 256);
  }
  BOOST_TEST(!has_children());
}
