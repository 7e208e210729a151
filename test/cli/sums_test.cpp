// Checksum files: written with a batch, accepted by sha256sum, and compared by 'ream verify'.
#define BOOST_TEST_MODULE sums
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/algorithm/string/split.hpp>
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "support/another_user.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

// With all that sha256sum escapes, and what it might take for something else.
constexpr const char* hostile_names =
    R"({"path": "plain/a", "content": "1"}
{"path": "new\nline", "content": "2"}
{"path": "back\\slash", "content": "3"}
{"path": "carriage\rreturn", "content": "4"}
{"path": " *-", "content": ""}
{"path": "-", "content": "5"}
{"path": "copy", "from": "m"}
{"path": "link", "symlink": "plain/a"}
{"path": "directory", "directory": true}
)";
constexpr int files_in_manifest = 7;

Ended in(const TemporaryDirectory& directory, const std::string& program, const Words& words,
         const std::string& where = ".") {
  RunOptions options;
  options.directory = (directory / where).string();
  return run(program, words, options);
}

Ended ream_in(const TemporaryDirectory& directory, const Words& words) {
  return in(directory, REAM_PROGRAM, words);
}

Ended write(const TemporaryDirectory& directory, const Words& more = {}) {
  directory.write_file("m", hostile_names);
  Words words = {"write", "-q", "--list", "none", "--sums", "sums", "m", "out"};
  words.insert(words.end(), more.begin(), more.end());
  return ream_in(directory, words);
}

Ended verify(const TemporaryDirectory& directory, const Words& more = {}) {
  Words words = {"verify", "out", "--sums", "sums"};
  words.insert(words.end(), more.begin(), more.end());
  return ream_in(directory, words);
}

std::vector<std::string> lines_of(const std::string& text, char end) {
  std::vector<std::string> lines;
  boost::split(lines, text, [end](char c) { return c == end; });
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

const std::vector<Words> ways = {{"--atomic", "batch"}, {"--atomic", "file"},
                                 {"--atomic", "none"},  {"--atomic", "file", "--sync", "batch"},
                                 {"--sync", "file"},    {"--serial"},
                                 {"--process-per-file"}};

}  // namespace

BOOST_AUTO_TEST_CASE(sha256sum_accepts_what_is_written_whichever_way_it_is) {
  for (const auto& way : ways) {
    BOOST_TEST_CONTEXT(way.back()) {
      const TemporaryDirectory directory;
      BOOST_TEST(write(directory, way).exit_code == 0);
      const auto checked = in(directory, "sha256sum", {"-c", "--strict", "../sums"}, "out");
      BOOST_TEST(checked.exit_code == 0, checked.out + checked.err);
      BOOST_TEST(std::count(checked.out.begin(), checked.out.end(), '\n') == files_in_manifest);
      BOOST_TEST(verify(directory, {"--exact"}).exit_code == 0);
      BOOST_TEST(entries_in(directory.path()) == 3U);
    }
  }
}

BOOST_AUTO_TEST_CASE(with_null_the_lines_are_those_of_sha256sum_with_zero) {
  const TemporaryDirectory directory;
  BOOST_TEST(write(directory, {"-0"}).exit_code == 0);
  const auto all =
      "find . -type f -printf '%P\\0' | sed -z 's|^-$|./-|' | xargs -0 sha256sum -z --";
  const auto theirs = in(directory, "sh", {"-c", all}, "out");
  BOOST_TEST(lines_of(theirs.out, '\0') == lines_of(directory.read_file("sums"), '\0'),
             boost::test_tools::per_element());
  BOOST_TEST(verify(directory, {"-0", "--exact"}).exit_code == 0);
  BOOST_TEST(verify(directory).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_given_another_time_only_has_a_line) {
  const TemporaryDirectory directory;
  for (const char* time : {"1000", "2000"}) {
    directory.write_file(
        "m", R"({"path": "a", "content": "1", "mtime": ")" + std::string(time) + "\"}\n");
    BOOST_TEST(ream_in(directory, {"write", "-q", "--list", "none", "--if-exists", "update",
                                   "--sums", "sums", "m", "out"})
                   .exit_code == 0);
    BOOST_TEST(verify(directory, {"--exact"}).exit_code == 0);
  }
}

BOOST_AUTO_TEST_CASE(what_was_there_as_it_should_be_has_a_line_and_what_was_skipped_has_none) {
  const TemporaryDirectory directory;
  directory.write_file("out/plain/a", "1");
  BOOST_TEST(write(directory, {"--if-exists", "update"}).exit_code == 0);
  BOOST_TEST(verify(directory, {"--exact"}).exit_code == 0);
  directory.remove("out");
  directory.write_file("out/plain/a", "theirs");
  for (const char* sync : {"none", "batch"}) {
    BOOST_TEST(write(directory, {"--if-exists", "skip", "--sync", sync}).exit_code == 0);
    const auto exact = verify(directory, {"--exact"});
    BOOST_TEST(exact.exit_code == 1);
    BOOST_TEST(exact.out == "'plain/a' is extra: no line names it\n");
    directory.remove("out");
    directory.write_file("out/plain/a", "theirs");
  }
}

BOOST_AUTO_TEST_CASE(every_difference_is_named) {
  const TemporaryDirectory directory;
  BOOST_TEST(write(directory).exit_code == 0);
  directory.remove("out/new\nline");
  directory.write_file("out/back\\slash", "x");
  directory.remove("out/ *-");
  directory.make_link("plain/a", "out/ *-");
  directory.remove("out/copy");
  BOOST_REQUIRE(::mkfifo((directory / "out/copy").c_str(), 0600) == 0);
  directory.write_file("out/more", "x");
  const auto ended = verify(directory);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out ==
             "'new\\x0aline' is missing\n'back\\slash' is different\n"
             "cannot read ' *-': it is not a regular file\n"
             "cannot read 'copy': it is not a regular file\n");
  BOOST_TEST(ended.err.find("3 files as they should be") != std::string::npos);
  BOOST_TEST(ended.err.find("1 missing, 3 different") != std::string::npos);
  BOOST_TEST(verify(directory, {"--exact"})
                 .out.ends_with(
                     "'copy' is extra: no line names it\n'more' is extra: no line names it\n") ==
             false);
  BOOST_TEST(verify(directory, {"--exact"}).out.ends_with("'more' is extra: no line names it\n"));
}

BOOST_AUTO_TEST_CASE(nothing_is_read_through_a_link_or_outside) {
  const TemporaryDirectory directory;
  BOOST_TEST(write(directory).exit_code == 0);
  fs::rename(directory / "out/plain", directory / "elsewhere");
  directory.make_link("../elsewhere", "out/plain");
  const auto ended = verify(directory);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out.find("a symbolic link is in the way") != std::string::npos);
  const std::string digest(64, '0');
  for (const std::string path : {"../m", "/etc/passwd", "a/../../m", "a//b"}) {
    directory.write_file("sums", digest + "  plain/a\n" + digest + "  " + path + "\n");
    const auto refused = verify(directory);
    BOOST_TEST(refused.exit_code == 2);
    BOOST_TEST(refused.err.find("sums:2: the path '" + path + "'") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_checksum_file_is_refused_with_its_line) {
  const TemporaryDirectory directory;
  directory.write_file("out/a", "1");
  const std::string good =
      "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  ./a\n";
  directory.write_file("sums", good);
  BOOST_TEST(verify(directory).exit_code == 0);
  for (const std::string bad : {"x\n", "\n", "6b86  a\n"}) {
    directory.write_file("sums", good + bad + good);
    const auto refused = verify(directory);
    BOOST_TEST(refused.exit_code == 2);
    BOOST_TEST(refused.err.find("sums:2: is no line of a checksum file") != std::string::npos);
  }
  directory.write_file("sums", "");
  BOOST_TEST(verify(directory).exit_code == 0);
  BOOST_TEST(verify(directory, {"--exact"}).out == "'a' is extra: no line names it\n");
  BOOST_TEST(ream_in(directory, {"verify", "out", "--sums", "absent"}).exit_code == 2);
  BOOST_TEST(ream_in(directory, {"verify", "out"}).exit_code == 2);
  directory.write_file("sums", good);
  BOOST_TEST(ream_in(directory, {"verify", "absent", "--sums", "sums"}).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(a_checksum_file_in_the_directory_itself_is_refused) {
  const TemporaryDirectory directory;
  directory.make_link("out", "other");
  directory.make_directory("there");
  directory.make_link("there", "link");
  for (const auto& [target, sums] :
       {std::pair("out", "out/sums"), std::pair("out", "./x/../out/sums"), std::pair("out", "out"),
        std::pair("there", "link/sums"), std::pair("link", "there/deep/sums")}) {
    const auto ended = ream_in(directory, {"generate", "--count", "3", "--sums", sums, target});
    BOOST_TEST_CONTEXT(target << ' ' << sums << ": " << ended.err) {
      BOOST_TEST(ended.exit_code == 2);
      BOOST_TEST(ended.err.find("cannot lie in the directory") != std::string::npos);
      BOOST_TEST(!directory.contains("out"));
      BOOST_TEST(fs::is_empty(directory / "there"));
    }
  }
  BOOST_TEST(ream_in(directory, {"generate", "-q", "--count", "3", "--sums", "out-sums", "out"})
                 .exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_leaves_the_old_checksum_file) {
  const TemporaryDirectory directory;
  directory.write_file("sums", "old");
  directory.write_file(
      "m", "{\"path\": \"a\", \"content\": \"1\"}\n{\"path\": \"b\", \"from\": \"absent\"}\n");
  for (const char* atomic : {"batch", "file"}) {
    const auto ended =
        ream_in(directory, {"write", "-k", "--sums", "sums", "--atomic", atomic, "m", "out"});
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(directory.read_file("sums") == "old");
  }
  BOOST_TEST(entries_in(directory.path()) == 3U);
}

BOOST_AUTO_TEST_CASE(a_checksum_file_that_cannot_be_made_is_told_before_anything_is_written) {
  const TemporaryDirectory directory;
  directory.make_directory("taken");
  for (const std::string sums : {"absent/sums", "taken", "/dev/null"}) {
    const auto ended = ream_in(directory, {"generate", "--count", "3", "--sums", sums, "new/out"});
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(ended.err.find(sums.substr(0, sums.find("/s"))) != std::string::npos, ended.err);
    BOOST_TEST(!directory.contains("new"));
  }
}

BOOST_AUTO_TEST_CASE(a_link_to_a_checksum_file_stays_one) {
  const TemporaryDirectory directory;
  directory.write_file("deep/real", "old");
  directory.make_link("deep/real", "sums");
  BOOST_TEST(write(directory).exit_code == 0);
  BOOST_TEST(fs::is_symlink(directory / "sums"));
  BOOST_TEST(directory.read_file("deep/real").size() > 64U * files_in_manifest);
}

BOOST_DATA_TEST_CASE(a_killed_run_leaves_no_checksum_file_that_stays, data::make({false, true}),
                     clean) {
  const TemporaryDirectory directory;
  directory.write_file("slow", "{\"path\": \"a\", \"content\": \"1\"}\n");
  RunOptions options;
  options.directory = directory.path().string();
  const Words words = {"generate", "-q",  "--serial", "--count", "1000000",
                       "--size",   "64K", "--sums",   "sums",    "out"};
  Running running(REAM_PROGRAM, words, options);
  BOOST_REQUIRE(eventually([&] { return entries_in(directory.path()) >= 5; }));
  running.send_signal(SIGKILL);
  running.wait();
  BOOST_TEST(!directory.contains("sums"));
  if (clean) {
    BOOST_TEST(ream_in(directory, {"clean", "sums"}).out.starts_with("removed '.sums.ream-"));
    BOOST_TEST(ream_in(directory, {"clean", "out"}).out.starts_with("removed '.out.ream-"));
    BOOST_TEST(entries_in(directory.path()) == 1U);
  }
  BOOST_TEST(write(directory).exit_code == 0);
  BOOST_TEST(entries_in(directory.path()) == 4U);  // slow, m, out, sums
}

// A checksum file may get the name that a directory had, of which a dead run left something.
BOOST_AUTO_TEST_CASE(what_a_dead_run_left_of_a_directory_goes_too) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  Running running(REAM_PROGRAM,
                  {"generate", "-q", "--serial", "--count", "1000000", "--size", "64K", "x"},
                  options);
  BOOST_REQUIRE(eventually([&] { return entries_in(directory.path()) >= 2; }));
  running.send_signal(SIGKILL);
  running.wait();
  BOOST_TEST(
      ream_in(directory, {"generate", "-q", "--count", "2", "--sums", "x", "other"}).exit_code ==
      0);
  BOOST_TEST(entries_in(directory.path()) == 2U);
}

BOOST_AUTO_TEST_CASE(a_checksum_file_keeps_the_mode_of_the_old_one) {
  const TemporaryDirectory directory;
  directory.write_file("sums", "old");
  directory.set_mode("sums", 0600);
  BOOST_TEST(write(directory).exit_code == 0);
  struct stat found {};
  BOOST_REQUIRE(::stat((directory / "sums").c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_read_hides_no_other_difference) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: only root can be somebody else");
    return;
  }
  const TemporaryDirectory directory;
  BOOST_TEST(write(directory).exit_code == 0);
  directory.remove("out/copy");
  directory.make_directory("out/locked");
  directory.set_mode("out/locked", 0700);
  directory.set_mode(".", 0755);
  RunOptions options;
  options.directory = directory.path().string();
  options.before_exec = become_nobody;
  const auto ended = run(REAM_PROGRAM, {"verify", "--exact", "out", "--sums", "sums"}, options);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out.find("'copy' is missing") != std::string::npos, ended.out);
  BOOST_TEST(ended.out.find("cannot open the directory 'out/locked'") != std::string::npos);
}
