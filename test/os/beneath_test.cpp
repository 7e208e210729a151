#define BOOST_TEST_MODULE beneath
#include "os/beneath.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using ream::os::problem_with_path;

BOOST_AUTO_TEST_CASE(plain_paths_are_allowed) {
  for (const std::string path : {"a", "a/b", "a/b/c.txt", ".hidden", "...", "..a", "a..", "a b",
                                 "-", "a\nb", "\xff\xfe", "a/.b/..c"}) {
    BOOST_TEST(problem_with_path(path) == "");
  }
}

BOOST_AUTO_TEST_CASE(paths_that_could_lead_out_or_mean_nothing_are_refused) {
  for (const std::string path : {"", "/", "/x", "//x", "x/", "a//b", ".", "..", "./x", "x/.",
                                 "a/./b", "../x", "a/..", "a/../../x", "a/../b"}) {
    BOOST_TEST_CONTEXT("path '" << path << "'") {
      BOOST_TEST(problem_with_path(path) != "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_nul_byte_is_refused) {
  BOOST_TEST(problem_with_path(std::string("a\0b", 3)) != "");
  BOOST_TEST(problem_with_path(std::string("\0", 1)) != "");
}

BOOST_AUTO_TEST_CASE(lengths_are_those_of_linux) {
  BOOST_TEST(problem_with_path(std::string(255, 'x')) == "");
  BOOST_TEST(problem_with_path(std::string(256, 'x')) != "");
  std::string deep;
  while (deep.size() + 2 <= 4094) deep += "d/";
  BOOST_TEST(problem_with_path(deep + "x") == "");
  BOOST_TEST(problem_with_path(deep + "xy") != "");
}
