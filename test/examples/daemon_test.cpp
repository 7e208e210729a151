#define BOOST_TEST_MODULE daemon
#include <signal.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "example.hpp"

using namespace ream::test;

namespace {

using Clock = std::chrono::steady_clock;

// Both children run by then.
const std::string ends_soon = "parent: at the end of main()\n";

std::ptrdiff_t reports_in(const std::string& out) {
  const auto lines = lines_of(out);
  return std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("daemon (pid ") && line.ends_with("): alive");
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(sibling_is_waited_for_and_the_daemon_ends_with_its_parent) {
  Running program(path_of_example("daemon"), {});
  const auto ended = program.wait();
  BOOST_TEST(!program.anyone_left());
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, ends_soon));
  BOOST_TEST(contains(ended.out, "sibling: done\n"));
  BOOST_TEST(number_after("daemon (pid ", ended.out) != program.pid());
}

// Four or five in its two seconds; fewer and later ones on a machine that has no time for it.
BOOST_AUTO_TEST_CASE(daemon_reports_twice_a_second) {
  const auto start = Clock::now();
  const auto reports = reports_in(run_example("daemon").out);
  const std::chrono::duration<double> seconds = Clock::now() - start;
  BOOST_TEST(reports >= 2);
  BOOST_TEST(static_cast<double>(reports) <= 2 * seconds.count() + 1);
}

BOOST_AUTO_TEST_CASE(daemon_ends_with_a_killed_parent_too_and_the_sibling_goes_on) {
  Running program(path_of_example("daemon"), {});
  BOOST_TEST(eventually([&] { return contains(program.out_so_far(), ends_soon); }));
  program.send_signal(SIGKILL);
  BOOST_TEST(program.wait().signal == SIGKILL);
  BOOST_TEST(eventually([&] { return contains(program.out_so_far(), "sibling: done\n"); }));
  BOOST_TEST(eventually([&] { return !program.anyone_left(); }));
}
