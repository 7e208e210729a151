#define BOOST_TEST_MODULE size_text
#include "text/size_text.hpp"

#include <boost/test/unit_test.hpp>

using ream::text::parse_size;
using ream::text::parse_whole_number;

BOOST_AUTO_TEST_CASE(sizes_are_powers_of_1024) {
  BOOST_TEST(*parse_size("0") == 0U);
  BOOST_TEST(*parse_size("512") == 512U);
  BOOST_TEST(*parse_size("512B") == 512U);
  BOOST_TEST(*parse_size("4K") == 4096U);
  BOOST_TEST(*parse_size("4KB") == 4096U);
  BOOST_TEST(*parse_size("64KiB") == 65536U);
  BOOST_TEST(*parse_size("1M") == 1048576U);
  BOOST_TEST(*parse_size("1.5G") == 1610612736U);
  BOOST_TEST(*parse_size("2T") == std::uint64_t{2} << 40);
  BOOST_TEST(*parse_size("7E") == std::uint64_t{7} << 60);
}

BOOST_AUTO_TEST_CASE(the_largest_size_is_the_largest_file_offset) {
  BOOST_TEST(*parse_size("9223372036854775807") == UINT64_C(9223372036854775807));
  BOOST_TEST(!parse_size("9223372036854775808"));
  BOOST_TEST(!parse_size("8E"));
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_size) {
  for (const char* text : {"",
                           "K",
                           "5Q",
                           "0x10",
                           "1e99",
                           "-1",
                           "+1",
                           " 1",
                           "1 ",
                           "1.",
                           ".5",
                           "1.5",
                           "1..2",
                           "4k",
                           "4Ki",
                           "4KiBs",
                           "4KK",
                           "nan",
                           "99999999999999999999",
                           "1.0000000001K"}) {
    BOOST_TEST_CONTEXT("size '" << text << "'") {
      BOOST_TEST(!parse_size(text));
    }
  }
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_digits_only) {
  BOOST_TEST(*parse_whole_number("0") == 0U);
  BOOST_TEST(*parse_whole_number("007") == 7U);
  BOOST_TEST(*parse_whole_number("18446744073709551615") == UINT64_MAX);
  for (const char* text : {"", "-1", "+1", "1 ", "0x", "1e3", "18446744073709551616"}) {
    BOOST_TEST_CONTEXT("number '" << text << "'") {
      BOOST_TEST(!parse_whole_number(text));
    }
  }
}
