#define BOOST_TEST_MODULE process
#include "ream/process.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

using namespace ream;
using namespace std::chrono_literals;

namespace {

struct Adder : Process {
  explicit Adder(int given) : value(given) {}
  void run() override { std::exit(value + 1); }
  int value;
};

void sleep_long() {
  std::this_thread::sleep_for(60s);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_function_runs_with_its_arguments) {
  Process process(
      [](int number, const std::string& text) {
        std::exit(number + static_cast<int>(text.size()));
      },
      2, "x");
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 3);
}

BOOST_AUTO_TEST_CASE(a_subclass_overrides_run) {
  std::vector<std::unique_ptr<Process>> several;
  for (int i = 0; i < 3; ++i) several.push_back(std::make_unique<Adder>(i));
  for (auto& process : several) process->start();
  join_all(several);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(several[static_cast<std::size_t>(i)]->exitcode().value() == i + 1);
  static_assert(std::is_nothrow_move_constructible_v<Process>);
  Adder one(7);
  Adder other(std::move(one));
  other.start();
  other.join();
  BOOST_TEST(other.exitcode().value() == 8);
}

BOOST_AUTO_TEST_CASE(an_exception_is_told) {
  Process process([] { throw std::runtime_error("expected by the test"); });
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 1);
  BOOST_TEST(process.error().value() == "expected by the test");
}

BOOST_AUTO_TEST_CASE(a_daemon_outlives_the_thread_that_started_it) {
  Process process({.daemon = true}, sleep_long);
  std::thread([&] { process.start(); }).join();
  BOOST_TEST(!process.join_for(300ms));
  process.terminate();
  process.join();
  BOOST_TEST(process.exitcode().value() == -SIGTERM);
}
