#define BOOST_TEST_MODULE arguments
#include <boost/test/unit_test.hpp>

#include "example.hpp"

using namespace ream::test;

BOOST_AUTO_TEST_CASE(arguments_of_each_type_reach_the_target) {
  const auto ended = run_example("arguments");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out ==
             "3 x apples: 1.5\n"
             "sum of 4 numbers: 10\n"
             "Hello, world\n"
             "moved, not copied\n"
             "number is still 1\n");
}
