#define BOOST_TEST_MODULE join
#include <boost/test/unit_test.hpp>

#include "example.hpp"

using namespace ream::test;

BOOST_AUTO_TEST_CASE(what_comes_after_join_comes_after_the_child) {
  const auto ended = run_example("join");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, "parent: waits\n"));
  BOOST_TEST(ended.out.ends_with("child: done\nparent: the child exited with 0\n"));
}
