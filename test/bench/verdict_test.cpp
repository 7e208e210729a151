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

BOOST_AUTO_TEST_CASE(an_end_that_would_read_as_1_has_more_digits_beside_a_difference) {
  BOOST_TEST(verdict("parallel", {1.02, {1.003, 1.04}, 10}) ==
             "parallel is 1.020 times faster [1.003, 1.040]");
  BOOST_TEST(verdict("parallel", {0.98, {0.96, 0.9996}, 10}) ==
             "parallel is 1.0204 times slower [1.0004, 1.0417]");
}

BOOST_AUTO_TEST_CASE(a_ratio_has_two_digits_unless_an_end_would_read_as_the_limit) {
  BOOST_TEST(ratio_text({1.834, {1.79, 1.88}, 10}, 1.5) == "1.83 [1.79, 1.88]");
  BOOST_TEST(ratio_text({1.4, {1.3, 1.498}, 10}, 1.5) == "1.400 [1.300, 1.498]");
  BOOST_TEST(ratio_text({1.4, {1.3, 1.5}, 10}, 1.5) == "1.40 [1.30, 1.50]");
}
