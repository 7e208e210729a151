#define BOOST_TEST_MODULE bad_input
#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

class Refusals {
 public:
  // Ends with 2, says `expected` in one line, writes nothing, prints nothing.
  void check(const std::vector<std::string>& arguments, const std::string& expected,
             Input in = {}) const {
    RunOptions options;
    options.directory = directory_.path().string();
    options.in = std::move(in);
    const auto ended = run_ream(arguments, options);
    std::string shown;
    for (const auto& argument : arguments) shown += argument.substr(0, 60) + " ";
    BOOST_TEST_CONTEXT(shown << "says: " << ended.err) {
      BOOST_TEST(ended.exit_code == 2);
      BOOST_TEST(ended.out == "");
      BOOST_TEST(ended.err.find(expected) != std::string::npos);
      BOOST_TEST(ended.err.find("ream: ") == 0U);
      BOOST_TEST(ended.err.find('\n') == ended.err.size() - 1);
      BOOST_TEST(ended.err.size() < 600U);
      BOOST_TEST(!directory_.contains("out"));
    }
  }

  void check_manifest(const std::string& text, const std::string& expected) const {
    directory_.write_file("m.jsonl", text);
    check({"write", "m.jsonl", "out"}, expected);
    check({"write", "-", "out"}, expected.substr(expected.find(':') + 1), Text{text});
  }

  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
};

std::string file(const std::string& path) {
  return R"({"path": ")" + path + "\", \"content\": \"x\"}\n";
}

}  // namespace

BOOST_AUTO_TEST_CASE(wrong_usage_is_explained) {
  const Refusals refusals;
  refusals.check({}, "a command is missing");
  refusals.check({"frobnicate"}, "'frobnicate' is no command");
  refusals.check({"generate"}, "DIR is missing");
  refusals.check({"generate", ""}, "DIR is missing");
  refusals.check({"write", "m"}, "DIR is missing");
  refusals.check({"write"}, "MANIFEST is missing");
  refusals.check({"generate", "out", "more"}, "more words");
  refusals.check({"generate", "--frob", "out"}, "--frob");
  refusals.check({"generate", "-z", "out"}, "-z");
  refusals.check({"generate", "--coun", "3", "out"}, "--coun");
  refusals.check({"generate", "out", "--count"}, "--count");
  refusals.check({"generate", "--count", "3", "--count", "4", "out"}, "--count");
  refusals.check({"generate", "--serial", "--process-per-file", "out"}, "exclude each other");
  refusals.check({"generate", "--serial", "-j2", "out"}, "exclude each other");
  refusals.check({"generate", "--list", "wide", "out"}, "--list 'wide'");
  refusals.check({"generate", "--list", "json", "-0", "out"}, "--null");
  refusals.check({"generate", "--progress", "maybe", "out"}, "--progress 'maybe'");
  refusals.check({"help", "nothing"}, "ream help");
}

BOOST_AUTO_TEST_CASE(what_was_mistyped_is_told_with_what_may_have_been_meant) {
  const Refusals refusals;
  refusals.check({"genrate", "out"}, "did you mean 'generate'?");
  refusals.check({"help", "wriet"}, "did you mean 'write'?");
  refusals.check({"generate", "--coutn", "3", "out"}, "did you mean '--count'?");
  refusals.check({"generate", "--keepgoing", "out"}, "did you mean '--keep-going'?");
  refusals.check({"generate", "--atomic", "flie", "out"}, "did you mean 'file'?");
  const auto far = run_ream({"frobnicate"});
  BOOST_TEST(far.err.find("did you mean") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bad_values_are_refused_with_the_option_named) {
  const Refusals refusals;
  for (const char* count :
       {"-1", "0", "0x", "0x10", "1e99", "", "1.5", " 3", "99999999999999999999"}) {
    refusals.check({"generate", "--count", count, "out"}, "--count '" + std::string(count) + "'");
  }
  for (const char* jobs : {"0", "-2", "many", "4097"}) {
    refusals.check({"generate", "--jobs", jobs, "out"}, "--jobs '" + std::string(jobs) + "'");
  }
  for (const char* size : {"5Q", "-1", "", "K", "1K..", "..1K", "4K..1K", "1..2..3", "9E", "1.5"}) {
    refusals.check({"generate", "--size", size, "out"}, "--size '" + std::string(size) + "'");
  }
  for (const char* fill : {"", "ab", "zeros"}) {
    refusals.check({"generate", "--fill", fill, "out"}, "--fill '" + std::string(fill) + "'");
  }
  refusals.check({"generate", "--seed", "x", "out"}, "--seed 'x'");
  refusals.check({"generate", "--per-dir", "0", "out"}, "--per-dir '0'");
}

BOOST_AUTO_TEST_CASE(bad_name_patterns_are_refused) {
  const Refusals refusals;
  refusals.check({"generate", "--name", "same", "out"},
                 "the path 'same' is given already by file 1");
  refusals.check({"generate", "--name", "{:0<5}", "out"}, "given already");
  for (const char* name : {"{", "}", "{:q}", "{1}", "{x}", "{:{}}", "{:300}", "../{}", "/{}", "{}/",
                           "a//{}", "", "./{}"}) {
    refusals.check({"generate", "--name", name, "out"}, "--name");
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_manifest_is_refused) {
  const Refusals refusals;
  refusals.directory().make_directory("dir");
  refusals.check({"write", "absent", "out"}, "cannot open 'absent': No such file or directory");
  refusals.check({"write", "dir", "out"}, "cannot read 'dir': Is a directory");
  refusals.check({"write", "/dev/zero", "out"}, "not a regular file");
  refusals.check({"write", "-", "out"}, "cannot read 'standard input': Is a directory", File{"/"});
  refusals.check_manifest("", "m.jsonl: is empty");
}

BOOST_AUTO_TEST_CASE(bad_lines_are_refused_with_their_number) {
  const Refusals refusals;
  const std::string good = file("good");
  for (const std::string line :
       {"\xff\xfe", "{\"path\": \"a\", \"content\": \"\xff\"}", R"({"path": "a", "content": "x)",
        "not json", "[1]", R"({"path": "a", "content": "x", "owner": "me"})",
        R"({"path": "a", "content": "x", "base64": ""})", R"({"path": "a", "base64": "AA="})",
        R"({"path": "a", "content": "x", "mode": "999"})",
        R"({"path": "a", "content": "x", "mode": "4755"})", R"({"path": "a", "content": 5})",
        R"({"path": "../x", "content": ""})", R"({"path": "/x", "content": ""})",
        R"({"path": "a/../../x", "content": ""})", R"({"path": "", "content": ""})",
        R"({"path": "a\u0000b", "content": ""})", R"({"path": "a", "content": "x"}})", ""}) {
    refusals.check_manifest(good + line + "\n" + file("b"), "m.jsonl:2: ");
  }
  refusals.check_manifest(good + R"({"path": ")" + std::string(300, 'n') + R"(", "content": ""})",
                          "m.jsonl:2: ");
  refusals.check_manifest(good + R"({"path": )" + std::string(2'000'000, '['), "m.jsonl:2: ");
}

BOOST_AUTO_TEST_CASE(paths_that_clash_are_refused_with_both_lines) {
  const Refusals refusals;
  refusals.check_manifest(file("a") + file("b") + file("a"),
                          "m.jsonl:3: the path 'a' is given already by ");
  refusals.check_manifest(file("a") + file("a/b"), "m.jsonl:2: needs 'a' as a directory");
  refusals.check_manifest(file("a/b") + file("a"), "m.jsonl:2: makes 'a' something else");
}

BOOST_AUTO_TEST_CASE(a_line_of_100_megabytes_is_refused) {
  const Refusals refusals;
  refusals.directory().write_file("m.jsonl", file("a") + R"({"path": "b", "content": ")" +
                                                 std::string(100'000'000, 'x') + "\"}\n");
  refusals.check({"write", "m.jsonl", "out"}, "m.jsonl:2: has 1000000");
}

BOOST_AUTO_TEST_CASE(control_characters_of_the_input_do_not_reach_the_terminal) {
  const Refusals refusals;
  refusals.check_manifest("{\"path\": \"a\", \"content\": \"x\", \"\\u001b[31m\": 1}\n",
                          "m.jsonl:1: has an unknown key '\\x1b[31m'");
}
