#define BOOST_TEST_MODULE depfile_text
#include "text/depfile_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::text;

BOOST_AUTO_TEST_CASE(the_target_comes_first_and_each_prerequisite_has_a_line_too) {
  BOOST_TEST(depfile_text("s", {}) == "s:\n");
  BOOST_TEST(depfile_text("out.stamp", {"m", "d/a b"}) ==
             "out.stamp: m d/a\\ b\n\nm:\n\nd/a\\ b:\n");
}

BOOST_AUTO_TEST_CASE(what_means_something_is_escaped) {
  BOOST_TEST(depfile_text("a$b#c:d e", {}) == "a$$b\\#c\\:d\\ e:\n");
  BOOST_TEST(depfile_text("s", {"a\\b"}) == "s: a\\b\n\na\\b:\n");
}

BOOST_AUTO_TEST_CASE(what_would_be_a_pattern_has_no_line_of_its_own) {
  BOOST_TEST(depfile_text("s", {"a%b"}) == "s: a%b\n");
}

BOOST_AUTO_TEST_CASE(what_has_no_form_is_told) {
  for (const char* good : {"a", "a b", " a", "#", "a:b", "$x", "a\\b", "a\\\\b", "a%", "(x)y",
                           "a[1]", "\xff", "a~", "./a~"}) {
    BOOST_TEST(problem_with_prerequisite(good) == "", good);
  }
  for (const char* bad :
       {"",   "a\nb", "a\tb", "a\x7f", "a*",  "a;b",   "a|b",   "a<",    "a>",    "a^",
        "a`", "a=b",  "a ",   "a:",    "a\\", "a\\ b", "a\\#b", "a\\$b", "a\\:b", "a(b)"}) {
    BOOST_TEST(problem_with_prerequisite(bad) != "", bad);
    BOOST_TEST(problem_with_depfile_target(bad) != "", bad);
  }
  for (const char* bad : {"a?", "a&", "&b", "it's", "\"", "~", "~root", "./~a", ".//~a"}) {
    BOOST_TEST(problem_with_prerequisite(bad) != "", bad);
  }
  for (const char* bad : {"a%b", "~a", "a[1]"}) {
    BOOST_TEST(problem_with_depfile_target(bad) != "", bad);
  }
  BOOST_TEST(problem_with_depfile_target("build dir/x$1.stamp") == "");
}
