#define BOOST_TEST_MODULE sums_text
#include "text/sums_text.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace ream;
using namespace ream::text;

namespace {

const std::string zeros(64, '0');

Sha256 counting() {
  Sha256 digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<unsigned char>(i * 8);
  return digest;
}

std::string line_of(std::string_view path, LineEnd end = LineEnd::newline) {
  std::string text;
  append_sums_line(text, counting(), path, end);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_is_what_sha256sum_writes) {
  BOOST_TEST(line_of("a b/c") ==
             "0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8  a b/c\n");
  BOOST_TEST(line_of("a\nb").substr(0, 3) == "\\00");
  BOOST_TEST(line_of("a\nb").substr(65) == "  a\\nb\n");
  BOOST_TEST(line_of("a\rb\\c").substr(65) == "  a\\rb\\\\c\n");
  BOOST_TEST(line_of("a\nb\\", LineEnd::nul).substr(64) == std::string("  a\nb\\\0", 7));
}

BOOST_AUTO_TEST_CASE(what_would_mean_standard_input_is_written_otherwise) {
  BOOST_TEST(line_of("-").substr(64) == "  ./-\n");
  BOOST_TEST(line_of("-a").substr(64) == "  -a\n");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    std::string path;
    for (auto left = 1 + random() % 12; left > 0; --left) path += "ab\\\n\r *"[random() % 7];
    for (const auto end : {LineEnd::newline, LineEnd::nul}) {
      auto line = line_of(path, end);
      line.pop_back();
      const auto read = parse_sums_line(line, end);
      BOOST_REQUIRE(read.has_value());
      BOOST_TEST(read->path == path);
      BOOST_TEST((read->digest == counting()));
    }
  }
}

BOOST_AUTO_TEST_CASE(other_spellings_of_sha256sum_are_read) {
  const auto binary = parse_sums_line(zeros + " *x", LineEnd::newline);
  BOOST_REQUIRE(binary.has_value());
  BOOST_TEST(binary->path == "x");
  BOOST_TEST((parse_sums_line(std::string(64, 'F') + "  x", LineEnd::newline)->digest[31] == 255));
  BOOST_TEST(parse_sums_line(zeros + "  a\\nb", LineEnd::newline)->path == "a\\nb");
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const auto& line : {std::string(), zeros, zeros + "  ", zeros + " x", zeros + "x x",
                           zeros.substr(1) + "  xy", "g" + zeros.substr(1) + "  x", zeros + "0  x",
                           "\\" + zeros + "  a\\x", "\\" + zeros + "  a\\", " " + zeros + "  x"}) {
    BOOST_TEST_CONTEXT(line) BOOST_TEST(!parse_sums_line(line, LineEnd::newline).has_value());
  }
}
