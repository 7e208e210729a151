#define BOOST_TEST_MODULE join_all
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <set>

#include "example.hpp"

using namespace ream::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(parent_goes_on_after_the_last_of_all_children) {
  const auto ended = run_example("join_all");
  BOOST_TEST(ended.exit_code == 0);
  const auto lines = lines_of(ended.out);
  BOOST_TEST(lines.size() == 50U);
  BOOST_TEST(lines.back() == "parent: all of them have ended");
  const std::set<std::string> distinct(lines.begin(), lines.end());
  for (int number = 1; number <= 48; ++number) {
    BOOST_TEST(distinct.contains("child " + std::to_string(number) + " is done"));
  }
}

// One after the other they would take 24 seconds.
BOOST_AUTO_TEST_CASE(children_run_side_by_side) {
  const auto start = std::chrono::steady_clock::now();
  run_example("join_all");
  BOOST_TEST((std::chrono::steady_clock::now() - start < 15s));
}
