#define BOOST_TEST_MODULE spelling
#include "text/spelling.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::text;

BOOST_AUTO_TEST_CASE(each_slip_of_the_fingers_counts_one) {
  BOOST_TEST(edit_distance("generate", "generate") == 0U);
  BOOST_TEST(edit_distance("generate", "genrate") == 1U);
  BOOST_TEST(edit_distance("generate", "generatee") == 1U);
  BOOST_TEST(edit_distance("generate", "generste") == 1U);
  BOOST_TEST(edit_distance("generate", "genreate") == 1U);  // exchanged
  BOOST_TEST(edit_distance("list", "") == 4U);
  BOOST_TEST(edit_distance("ca", "abc") == 3U);  // restricted: what was exchanged stays as it is
}

BOOST_AUTO_TEST_CASE(distances_are_the_same_both_ways) {
  BOOST_TEST(edit_distance("verify", "very") == edit_distance("very", "verify"));
}

BOOST_AUTO_TEST_CASE(the_nearest_word_is_named_where_it_is_near) {
  const std::vector<std::string> commands = {"generate", "write", "list", "clean", "verify"};
  BOOST_TEST(nearest("genrate", commands).value() == "generate");
  BOOST_TEST(nearest("wirte", commands).value() == "write");
  BOOST_TEST(nearest("lst", commands).value() == "list");
  BOOST_TEST(!nearest("frobnicate", commands));
  BOOST_TEST(!nearest("x", commands));
  BOOST_TEST(!nearest("", commands));
}

BOOST_AUTO_TEST_CASE(a_word_of_which_nothing_is_left_is_not_meant) {
  BOOST_TEST(!nearest("x", {"y"}));
}
