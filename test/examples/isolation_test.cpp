#define BOOST_TEST_MODULE isolation
#include <boost/test/unit_test.hpp>

#include "example.hpp"

using namespace ream::test;

BOOST_AUTO_TEST_CASE(parent_does_not_see_what_the_child_changes) {
  const auto ended = run_example("isolation");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "child: global is 0\nparent: global is 200\n");
}
