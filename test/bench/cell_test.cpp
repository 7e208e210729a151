#define BOOST_TEST_MODULE cell
#include "bench/cell.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::bench;

BOOST_AUTO_TEST_CASE(widths_are_those_on_a_terminal) {
  BOOST_TEST(display_width("") == 0U);
  BOOST_TEST(display_width("serial") == 6U);
  BOOST_TEST(display_width("µs ±") == 4U);
  BOOST_TEST(display_width("日本") == 4U);
  BOOST_TEST(display_width("\xff\xc3") == 2U);  // no UTF-8
}

BOOST_AUTO_TEST_CASE(a_cell_is_exactly_as_wide_as_asked_for) {
  BOOST_TEST(cell("é", 3) == "é  ");
  BOOST_TEST(cell("serial publish", 8) == "seria...");
  BOOST_TEST(cell("日本語テスト", 8) == "日本... ");  // half a character does not fit
}

BOOST_AUTO_TEST_CASE(control_characters_become_spaces_and_all_else_stays) {
  BOOST_TEST(on_one_line("a\nb\tc\x1b[1m\x7f") == "a b c [1m ");
  BOOST_TEST(on_one_line("é日\xc2\x9b"
                         "2J") == "é日 2J");
  BOOST_TEST(on_one_line("\xff\x9b") == "\xff\x9b");
  BOOST_TEST(on_one_line("\xe0\x1b[2J") == "\xe0 [2J");  // nothing hides behind a broken character
}
