#define BOOST_TEST_MODULE name_pattern
#include "plan/name_pattern.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "ream/error.hpp"

using ream::InputError;
using ream::plan::NamePattern;

namespace {

std::string name(const std::string& pattern, std::uint64_t number) {
  std::string out;
  NamePattern(pattern).append(number, out);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(fields_show_the_number_in_the_syntax_of_fmt) {
  BOOST_TEST(name("info{}", 500) == "info500");
  BOOST_TEST(name("page-{:05}.html", 42) == "page-00042.html");
  BOOST_TEST(name("d{0}/f{0}", 7) == "d7/f7");
  BOOST_TEST(name("{0:x}-{:X}-{:o}-{:b}", 10) == "a-A-12-1010");
  BOOST_TEST(name("{:#x}", 255) == "0xff");
  BOOST_TEST(name("{:}", 3) == "3");
  BOOST_TEST(name("{{}}-{}", 1) == "{}-1");
  BOOST_TEST(name("{:*<4}", 12) == "12**");
}

BOOST_AUTO_TEST_CASE(bad_patterns_are_refused) {
  for (const char* pattern : {"{", "}", "a{", "a}b", "{1}", "{name}", "{:{}}", "{0:{0}}", "{:q}",
                              "{:.3}", "{:256}", "{:0300}", "{:99999999999}", "{:5", "{ }"}) {
    BOOST_TEST_CONTEXT("pattern '" << pattern << "'") {
      BOOST_CHECK_THROW(name(pattern, 1), InputError);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_message_names_the_pattern) {
  BOOST_CHECK_EXCEPTION(NamePattern("x{:256}"), InputError, [](const InputError& error) {
    return error.what() == std::string("--name 'x{:256}': a width is at most 255");
  });
}

BOOST_AUTO_TEST_CASE(patterns_called_injective_give_distinct_names) {
  for (const char* pattern : {"{}", "info{}", "{:3}", "{:03}", "{}{}", "{:02}{}", "{:x}{:b}",
                              "{:3}{:03}", "a{:04X}b{:o}"}) {
    BOOST_TEST_CONTEXT("pattern '" << pattern << "'") {
      BOOST_TEST(NamePattern(pattern).is_injective());
      std::set<std::string> names;
      for (std::uint64_t number = 1; number <= 3000; ++number) names.insert(name(pattern, number));
      BOOST_TEST(names.size() == 3000U);
    }
  }
}

BOOST_AUTO_TEST_CASE(patterns_that_can_repeat_a_name_are_not_called_injective) {
  for (const char* pattern : {"info", "", "{:0<5}", "{:1>3}", "{:c}", "{:^9}", "{{}}"}) {
    BOOST_TEST_CONTEXT("pattern '" << pattern << "'") {
      BOOST_TEST(!NamePattern(pattern).is_injective());
    }
  }
}
