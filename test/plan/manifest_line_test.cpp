#define BOOST_TEST_MODULE manifest_line
#include "plan/manifest_line.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "os/mapped_file.hpp"

using namespace ream;
using plan::BadLine;
using plan::ManifestLineParser;

namespace {

// A line with the readable bytes behind it that a mapping gives.
class Line {
 public:
  explicit Line(std::string text) : text_(std::move(text)), size_(text_.size()) {
    text_.append(os::MappedFile::padding, '\0');
  }
  std::string_view view() const { return std::string_view(text_).substr(0, size_); }

 private:
  std::string text_;
  std::size_t size_;
};

// Keeps what the job points into.
struct Parsed {
  explicit Parsed(const std::string& text, std::string base = "")
      : line(text), parser(std::move(base)), job(parser.parse(line.view())) {}
  Line line;
  ManifestLineParser parser;
  FileJob job;
};

std::string problem_of(const std::string& text) {
  try {
    const Parsed parsed(text);
    return "";
  } catch (const BadLine& bad) {
    return bad.problem;
  }
}

void check_refused(const std::string& text, const std::string& because) {
  const auto problem = problem_of(text);
  BOOST_TEST_CONTEXT("line " << text.substr(0, 200) << " gives: " << problem) {
    BOOST_TEST(problem != "");
    BOOST_TEST(problem.find(because) != std::string::npos);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(content_is_text_with_its_escapes_undone) {
  const Parsed parsed(R"({"path": "a/b.txt", "content": "x\n\"\\\u00e9\ud83d\ude00\u0000."})");
  BOOST_TEST(parsed.job.path == "a/b.txt");
  BOOST_TEST(std::get<Bytes>(parsed.job.content).view ==
             std::string("x\n\"\\\xc3\xa9\xf0\x9f\x98\x80\0.", 12));
  BOOST_TEST(!parsed.job.mode);
  BOOST_TEST(!parsed.job.mtime);
  BOOST_TEST(!parsed.job.sha256);
}

BOOST_AUTO_TEST_CASE(keys_come_in_any_order_and_may_be_escaped) {
  const Parsed parsed(R"( { "mode":"0600" ,"cont\u0065nt":"x","path":"a" } )");
  BOOST_TEST(parsed.job.path == "a");
  BOOST_TEST(*parsed.job.mode == 0600U);
}

BOOST_AUTO_TEST_CASE(base64_is_bytes) {
  const Parsed parsed(R"({"path": "a", "base64": "AAEC/w=="})");
  BOOST_TEST(std::get<Bytes>(parsed.job.content).view == std::string("\0\1\2\xff", 4));
}

BOOST_AUTO_TEST_CASE(path64_is_a_name_that_is_not_utf8) {
  BOOST_TEST(Parsed(R"({"path64": "/2E=", "content": ""})").job.path ==
             "\xff"
             "a");
}

BOOST_AUTO_TEST_CASE(from_is_relative_to_the_manifest) {
  const auto source = [](const std::string& text, const std::string& base) {
    return std::string(std::get<CopyOf>(Parsed(text, base).job.content).source);
  };
  BOOST_TEST(source(R"({"path": "a", "from": "../blob"})", "dir") == "dir/../blob");
  BOOST_TEST(source(R"({"path": "a", "from": "blob"})", "") == "blob");
  BOOST_TEST(source(R"({"path": "a", "from": "/x/blob"})", "dir") == "/x/blob");
  BOOST_TEST(source(R"({"path": "a", "from64": "/w=="})", "d") == "d/\xff");
}

BOOST_AUTO_TEST_CASE(fill_and_size_belong_together) {
  const Parsed number(R"({"path": "a", "fill": "ab", "size": 5})");
  BOOST_TEST(std::get<Fill>(number.job.content).unit == "ab");
  BOOST_TEST(std::get<Fill>(number.job.content).size == 5U);
  const Parsed text(R"({"path": "a", "size": "4K", "fill": "="})");
  BOOST_TEST(std::get<Fill>(text.job.content).size == 4096U);
}

BOOST_AUTO_TEST_CASE(links_and_directories) {
  const Parsed link(R"({"path": "l", "symlink": "../x y", "mtime": "1"})");
  BOOST_TEST(std::get<SymlinkTo>(link.job.content).target == "../x y");
  BOOST_TEST(
      std::get<SymlinkTo>(Parsed(R"({"path": "l", "symlink64": "/w=="})").job.content).target ==
      "\xff");
  const Parsed directory(R"({"path": "d", "directory": true, "mode": "0555"})");
  BOOST_TEST(std::holds_alternative<Directory>(directory.job.content));
  BOOST_TEST(*directory.job.mode == 0555U);
}

BOOST_AUTO_TEST_CASE(times_are_exact_to_the_nanosecond) {
  const auto time = [](const std::string& text) {
    return *Parsed(R"({"path": "a", "content": "", "mtime": ")" + text + "\"}").job.mtime;
  };
  BOOST_TEST((time("1700000000.123456789") == FileTime{1700000000, 123456789}));
  BOOST_TEST((time("1700000000") == FileTime{1700000000, 0}));
  BOOST_TEST((time("0.5") == FileTime{0, 500000000}));
  BOOST_TEST((time("9007199254740993.000000001") == FileTime{9007199254740993, 1}));
  BOOST_TEST((time("-1") == FileTime{-1, 0}));
  BOOST_TEST((time("-0.5") == FileTime{-1, 500000000}));
  BOOST_TEST((time("-1.25") == FileTime{-2, 750000000}));
  for (const char* text : {"", ".", "1.", ".5", "1.1234567890", "1e5", "+1", " 1", "1 ", "--1",
                           "0x1", "nan", "1.-5", "1234567890123456789"}) {
    check_refused(R"({"path": "a", "content": "", "mtime": ")" + std::string(text) + "\"}",
                  "mtime");
  }
}

BOOST_AUTO_TEST_CASE(modes_are_octal_permission_bits) {
  const auto mode = [](const std::string& text) {
    return *Parsed(R"({"path": "a", "content": "", "mode": ")" + text + "\"}").job.mode;
  };
  BOOST_TEST(mode("0644") == 0644U);
  BOOST_TEST(mode("755") == 0755U);
  BOOST_TEST(mode("0000") == 0U);
  for (const char* text : {"", "64", "0648", "00644", "rw-", "-644", "0x1f"}) {
    check_refused(R"({"path": "a", "content": "", "mode": ")" + std::string(text) + "\"}", "octal");
  }
  for (const char* text : {"4755", "2755", "1777", "7777"}) {
    check_refused(R"({"path": "a", "content": "", "mode": ")" + std::string(text) + "\"}",
                  "set-uid");
  }
  check_refused(R"({"path": "a", "content": "", "mode": 420})", "\"mode\" that is not a string");
}

BOOST_AUTO_TEST_CASE(sha256_is_64_hexadecimal_digits) {
  const std::string digits(62, '0');
  const Parsed parsed(R"({"path": "a", "content": "", "sha256": ")" + digits + "aF\"}");
  BOOST_TEST(static_cast<int>((*parsed.job.sha256)[31]) == 0xAF);
  check_refused(R"({"path": "a", "content": "", "sha256": ")" + digits + "\"}", "sha256");
  check_refused(R"({"path": "a", "content": "", "sha256": ")" + digits + "xx\"}", "sha256");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused) {
  for (const char* text : {" ",
                           "x",
                           "[]",
                           "1",
                           "null",
                           "\"a\"",
                           "{",
                           "{}x",
                           "{\"path\"",
                           "{\"path\":",
                           R"({"path": "a", "content": "x)",
                           R"({"path": "a", "content": "x"])",
                           R"({"path": "a" "content": "x"})",
                           R"({"path": "a", "content": "x",})",
                           R"({"path": "a", "content": "x")",
                           R"({"path": "a", "content": "x"}})",
                           R"({"path": "a", "content": "x"} {})",
                           R"({"path": "a", "content": "x"}, 1)",
                           R"({path: "a", "content": "x"})",
                           R"({'path': 'a', 'content': 'x'})",
                           R"({"path": "a", "directory": tru})",
                           R"({"path": "a", "directory": truely})",
                           R"({"path": "a", "content": "\x"})",
                           R"({"path": "a", "content": "\ud800"})",
                           R"({"path": "a", "content": "\u00g0"})",
                           R"(,{"path": "a", "content": "x"})"}) {
    BOOST_TEST_CONTEXT("line " << text) {
      BOOST_TEST(problem_of(text) != "");
    }
  }
}

BOOST_AUTO_TEST_CASE(control_characters_and_bad_utf8_are_refused) {
  check_refused("{\"path\": \"a\", \"content\": \"x\ty\"}", "JSON");
  check_refused("{\"path\": \"a\", \"content\": \"\xff\"}", "JSON");
  check_refused("{\"path\": \"a\", \"content\": \"\xc0\xaf\"}", "JSON");
  check_refused("{\"path\": \"a\", \"content\": \"\xed\xa0\x80\"}", "JSON");
  check_refused(std::string("{\"path\": \"a\", \"content\": \"\0\"}", 30), "");
  check_refused("\xef\xbb\xbf{\"path\": \"a\", \"content\": \"\"}", "");
}

BOOST_AUTO_TEST_CASE(a_nesting_bomb_is_refused_without_recursion) {
  check_refused(R"({"path": )" + std::string(1'000'000, '[') + "}", "not a string");
  check_refused(std::string(1'000'000, '['), "JSON");
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += R"({"path":)";
  check_refused(objects, "JSON");
}

BOOST_AUTO_TEST_CASE(keys_are_known_and_given_once) {
  check_refused(R"({"path": "a", "content": "x", "owner": "root"})", "unknown key 'owner'");
  check_refused(R"({"path": "a", "content": "x", "": 1})", "unknown key ''");
  check_refused(R"({"path": "a", "content": "x", "path": "b"})", "\"path\" twice");
  check_refused(R"({"path": "a", "content": "x", "content": "x"})", "\"content\" twice");
  check_refused(R"({"path": "a", "p\u0061th": "b", "content": "x"})", "\"path\" twice");
}

BOOST_AUTO_TEST_CASE(a_line_says_exactly_one_thing_to_write) {
  check_refused(R"({"path": "a"})", "says nothing");
  check_refused(R"({"path": "a", "content": "x", "base64": "eA=="})", "\"content\" and \"base64\"");
  check_refused(R"({"path": "a", "content": "x", "directory": true})", "only one");
  check_refused(R"({"path": "a", "symlink": "b", "from": "c"})", "only one");
  check_refused(R"({"path": "a", "fill": "="})", "both are needed");
  check_refused(R"({"path": "a", "content": "x", "size": 3})", "both are needed");
  check_refused(R"({"path": "a", "size": 3})", "says nothing");
  check_refused(R"({"content": "x"})", "no \"path\"");
  check_refused(R"({"path": "a", "path64": "YQ==", "content": "x"})", "both \"path\"");
  check_refused(R"({})", "no \"path\"");
}

BOOST_AUTO_TEST_CASE(values_of_the_wrong_type_are_refused) {
  check_refused(R"({"path": 1, "content": "x"})", "\"path\" that is not a string");
  check_refused(R"({"path": null, "content": "x"})", "\"path\" that is not a string");
  check_refused(R"({"path": "a", "content": 5})", "\"content\" that is not a string");
  check_refused(R"({"path": "a", "content": ["x"]})", "\"content\" that is not a string");
  check_refused(R"({"path": "a", "directory": false})", "not true");
  check_refused(R"({"path": "a", "directory": "true"})", "not true");
  check_refused(R"({"path": "a", "fill": "=", "size": -1})", "bad \"size\"");
  check_refused(R"({"path": "a", "fill": "=", "size": 1.5})", "bad \"size\"");
  check_refused(R"({"path": "a", "fill": "=", "size": 1e3})", "bad \"size\"");
  check_refused(R"({"path": "a", "fill": "=", "size": 99999999999999999999})", "bad \"size\"");
  check_refused(R"({"path": "a", "fill": "=", "size": "5Q"})", "bad \"size\"");
  check_refused(R"({"path": "a", "fill": "", "size": 5})", "nothing to \"fill\"");
  check_refused(R"({"path": "a", "base64": "A"})", "bad base64");
  check_refused(R"({"path": "a", "base64": "AA=A"})", "bad base64");
}

BOOST_AUTO_TEST_CASE(paths_stay_beneath_the_root) {
  for (const char* path : {"../x", "/x", "a/../../x", "", "a//b", "./a", "a/", "..", "//x"}) {
    check_refused(R"({"path": ")" + std::string(path) + R"(", "content": "x"})", "the path");
  }
  check_refused(R"({"path": "a\u0000b", "content": "x"})", "NUL");
  check_refused(R"({"path": ")" + std::string(300, 'n') + R"(", "content": "x"})", "255 bytes");
  check_refused(R"({"path64": "Li4veA==", "content": "x"})", "'..'");
}

BOOST_AUTO_TEST_CASE(links_and_sources_are_names_too) {
  check_refused(R"({"path": "a", "symlink": ""})", "empty link target");
  check_refused(R"({"path": "a", "symlink": "x\u0000y"})", "NUL");
  check_refused(R"({"path": "a", "symlink": ")" + std::string(5000, 'x') + "\"}", "4095");
  check_refused(R"({"path": "a", "symlink": "b", "mode": "0777"})", "\"mode\" for a link");
  check_refused(R"({"path": "a", "from": ""})", "no file");
  check_refused(R"({"path": "a", "from": "x\u0000y"})", "NUL");
  const std::string digest(64, '0');
  check_refused(R"({"path": "a", "symlink": "b", "sha256": ")" + digest + "\"}", "no file");
  check_refused(R"({"path": "a", "directory": true, "sha256": ")" + digest + "\"}", "no file");
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_good_line_is_refused) {
  const std::string line =
      R"({"path": "a", "base64": "AAEC", "mode": "0644", "mtime": "1.5", "sha256": ")" +
      std::string(64, 'a') + "\"}";
  BOOST_TEST(problem_of(line) == "");
  for (std::size_t size = 0; size < line.size(); ++size) {
    BOOST_TEST_CONTEXT("prefix of " << size) {
      BOOST_TEST(problem_of(line.substr(0, size)) != "");
    }
  }
}

BOOST_AUTO_TEST_CASE(one_parser_reads_line_after_line_also_after_a_bad_and_a_huge_one) {
  ManifestLineParser parser("");
  const Line good(R"({"path": "a", "content": "x"})");
  const Line bad(R"({"path": "a", "content")");
  const Line huge(R"({"path": "a", "content": ")" + std::string(5'000'000, 'y') + "\"}");
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(std::get<Bytes>(parser.parse(good.view()).content).view == "x");
    BOOST_CHECK_THROW(parser.parse(bad.view()), BadLine);
    BOOST_TEST(std::get<Bytes>(parser.parse(huge.view()).content).view.size() == 5'000'000U);
  }
}
