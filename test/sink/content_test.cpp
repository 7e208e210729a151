#define BOOST_TEST_MODULE content
#include "sink/content.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "ream/error.hpp"
#include "sink/random_content.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using sink::ContentStream;

namespace {

std::string all_of(const Content& content) {
  ContentStream stream;
  std::string text;
  const auto size = stream.for_each_piece(content, [&](std::string_view piece) {
    text += piece;
    return true;
  });
  BOOST_TEST(size == text.size());
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(bytes_come_as_they_are) {
  BOOST_TEST(all_of(Bytes{"hello"}) == "hello");
  BOOST_TEST(all_of(Bytes{""}) == "");
}

BOOST_AUTO_TEST_CASE(a_fill_repeats_its_unit_and_is_cut_where_the_size_ends) {
  BOOST_TEST(all_of(Fill{"=", 0}) == "");
  BOOST_TEST(all_of(Fill{"=", 5}) == "=====");
  BOOST_TEST(all_of(Fill{"abc", 7}) == "abcabca");
  BOOST_TEST(all_of(Fill{"abc", 2}) == "ab");
}

BOOST_AUTO_TEST_CASE(a_large_fill_keeps_its_rhythm_over_all_pieces) {
  const std::string unit = "0123456";
  const auto text = all_of(Fill{unit, 1'000'003});
  BOOST_REQUIRE(text.size() == 1'000'003U);
  for (std::size_t i = 0; i < text.size(); ++i) BOOST_REQUIRE(text[i] == unit[i % unit.size()]);
  const std::string large(300'000, 'x');
  BOOST_TEST(all_of(Fill{large + "y", 600'005}) == large + "y" + large + "yxxx");
}

BOOST_AUTO_TEST_CASE(one_stream_serves_fills_of_different_units) {
  ContentStream stream;
  std::string text;
  const auto append = [&](std::string_view piece) {
    text += piece;
    return true;
  };
  for (const char* unit : {"a", "bc", "a", "a"}) stream.for_each_piece(Fill{unit, 3}, append);
  BOOST_TEST(text == "aaabcbaaaaaa");
}

BOOST_AUTO_TEST_CASE(random_bytes_are_the_same_for_the_same_seed) {
  const auto first = all_of(RandomBytes{7, 700'001});
  BOOST_TEST(first.size() == 700'001U);
  BOOST_TEST((first == all_of(RandomBytes{7, 700'001})));
  BOOST_TEST((first.substr(0, 1000) == all_of(RandomBytes{7, 1000})));
  BOOST_TEST((first != all_of(RandomBytes{8, 700'001})));
  BOOST_TEST(std::set<char>(first.begin(), first.end()).size() == 256U);
}

BOOST_AUTO_TEST_CASE(random_bytes_are_the_same_on_every_machine) {
  // The first two numbers of SplitMix64 for the seed 1234567, as its authors' C code gives them.
  SplitMix64 numbers(1234567);
  BOOST_TEST(numbers.next() == UINT64_C(6457827717110365317));
  BOOST_TEST(numbers.next() == UINT64_C(3203168211198807973));
}

BOOST_AUTO_TEST_CASE(random_text_is_lines_of_words) {
  const auto text = all_of(RandomText{3, 500'000});
  BOOST_TEST(text.size() == 500'000U);
  std::size_t line = 0;
  for (const char c : text) {
    BOOST_REQUIRE((c == '\n' || c == ' ' || (c >= 'a' && c <= 'z')));
    line = c == '\n' ? 0 : line + 1;
    BOOST_REQUIRE(line <= 85U);
  }
  BOOST_TEST((text.substr(0, 1000) == all_of(RandomText{3, 1000})));
}

BOOST_AUTO_TEST_CASE(a_copy_is_what_the_source_holds) {
  const TemporaryDirectory directory;
  const std::string content(600'000, 'c');
  directory.write_file("source", content);
  const auto source = (directory / "source").string();
  BOOST_TEST((all_of(CopyOf{source}) == content));
  const auto absent = (directory / "absent").string();
  BOOST_CHECK_THROW(all_of(CopyOf{absent}), Error);
  const auto itself = directory.path().string();
  BOOST_CHECK_THROW(all_of(CopyOf{itself}), Error);
}

BOOST_AUTO_TEST_CASE(a_source_that_shrinks_while_it_is_read_is_a_named_error) {
  const TemporaryDirectory directory;
  directory.write_file("source", std::string(1'000'000, 'x'));
  const auto source = (directory / "source").string();
  ContentStream stream;
  const auto read_and_truncate = [&] {
    stream.for_each_piece(CopyOf{source}, [&](std::string_view) {
      boost::filesystem::resize_file(source, 300'000);
      return true;
    });
  };
  BOOST_CHECK_EXCEPTION(read_and_truncate(), Error, [&](const Error& error) {
    return error.reason() == Reason::ended_early && error.path() == source;
  });
}

BOOST_AUTO_TEST_CASE(the_stream_ends_where_the_consumer_wants) {
  ContentStream stream;
  int pieces = 0;
  stream.for_each_piece(Fill{"x", 10'000'000}, [&](std::string_view) { return ++pieces < 3; });
  BOOST_TEST(pieces == 3);
}
