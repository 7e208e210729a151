#define BOOST_TEST_MODULE record_text
#include "batch/record_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream;

namespace {

using Kind = RecordEntry::Kind;

std::string line_of(const RecordEntry& entry) {
  std::string text;
  append_record_line(text, entry);
  BOOST_REQUIRE(text.ends_with('\n'));
  text.pop_back();
  return text;
}

void check_it_comes_back(const RecordEntry& entry) {
  const auto again = parse_record_line(line_of(entry));
  BOOST_TEST((again.kind == entry.kind));
  BOOST_TEST(again.path == entry.path);
  BOOST_TEST(again.size == entry.size);
  BOOST_TEST((again.digest == entry.digest));
  BOOST_TEST(again.target == entry.target);
}

std::string problem_with(const std::string& line) {
  try {
    parse_record_line(line);
    return "";
  } catch (const BadRecordLine& bad) {
    return bad.problem;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_kind_of_entry_comes_back) {
  Sha256 digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<unsigned char>(7 * i);
  check_it_comes_back({Kind::file, "a/b", 0, digest, ""});
  check_it_comes_back({Kind::file, "new\nline \"q\" \\ \xc3\xa9", UINT64_MAX, digest, ""});
  check_it_comes_back({Kind::file, "\xff\xfe", 1, digest, ""});
  check_it_comes_back({Kind::link, "l", 0, {}, "../\xff"});
  check_it_comes_back({Kind::link, "\xff", 0, {}, "a b"});
  check_it_comes_back({Kind::directory, "d/e", 0, {}, ""});
}

BOOST_AUTO_TEST_CASE(the_lines_are_as_documented) {
  BOOST_TEST(line_of({Kind::file, "a", 3, {}, ""}) ==
             R"({"path": "a", "size": 3, "sha256": ")" + std::string(64, '0') + "\"}");
  BOOST_TEST(line_of({Kind::link, "l", 0, {}, "a"}) == R"({"path": "l", "symlink": "a"})");
  BOOST_TEST(line_of({Kind::directory, "d", 0, {}, ""}) == R"({"path": "d", "directory": true})");
}

BOOST_AUTO_TEST_CASE(what_is_no_such_line_is_told) {
  const std::string digest = R"(, "sha256": ")" + std::string(64, 'a') + "\"";
  BOOST_TEST(problem_with(R"({"path": "a", "size": 3)" + digest + "}") == "");
  for (const std::string& line :
       {std::string(), std::string("x"), std::string("[]"), std::string("{}"),
        std::string(R"({"path": "a"})"), R"({"path": "a", "size": -1)" + digest + "}",
        R"({"path": "a", "size": 1.5)" + digest + "}",
        R"({"path": "a", "size": "1")" + digest + "}", R"({"path": "a")" + digest + "}",
        std::string(R"({"path": "a", "size": 1, "sha256": "aa"})"),
        R"({"path": "a", "size": 1, "more": 1)" + digest + "}",
        R"({"path": "a", "size": 1)" + digest + "} {}", R"({"path": 1, "size": 1)" + digest + "}",
        std::string(R"({"path64": "*", "directory": true})"),
        std::string(R"({"path": "a", "symlink": 1})"),
        std::string(R"({"path": "a", "content": "x"})")}) {
    BOOST_TEST(problem_with(line) != "", line);
  }
}

BOOST_AUTO_TEST_CASE(a_path_that_leads_out_is_refused) {
  for (const char* path : {"", "/etc/passwd", "../a", "a/../../b", "a//b", "./a"}) {
    const auto line = R"({"path": ")" + std::string(path) + R"(", "directory": true})";
    BOOST_TEST(problem_with(line).starts_with("the path '"), line);
  }
}
