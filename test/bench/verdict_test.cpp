#define BOOST_TEST_MODULE verdict
#include "bench/verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::bench;

BOOST_AUTO_TEST_CASE(a_difference_is_told_with_its_interval) {
  BOOST_TEST(verdict("parallel", {1.83, {1.79, 1.88}, 10}) ==
             "parallel is 1.83 times faster [1.79, 1.88]");
}

BOOST_AUTO_TEST_CASE(what_is_slower_is_told_as_a_number_above_1) {
  BOOST_TEST(verdict("cp", {0.5, {0.4, 0.8}, 10}) == "cp is 2.00 times slower [1.25, 2.50]");
}

BOOST_AUTO_TEST_CASE(an_interval_that_holds_1_shows_no_difference) {
  BOOST_TEST(verdict("parallel", {1.01, {0.97, 1.04}, 10}) ==
             "parallel: no difference shown [0.97, 1.04]");
  BOOST_TEST(verdict("parallel", {1.01, {1, 1.04}, 10}) ==
             "parallel: no difference shown [1.00, 1.04]");
}
