// One system call of a batch fails: it ends with 1, names what failed, and what it leaves is
// nothing, or carries a mark by which 'ream clean' finds it.
#define BOOST_TEST_MODULE batch_faults
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/strace.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

// ream in `directory`, where the calls `fault` names fail.
Ended ream_with(const TemporaryDirectory& directory, const std::string& fault, const Words& words) {
  RunOptions options;
  options.directory = directory.path().string();
  Words all = {"-f",        "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", "inject=" + fault,
               REAM_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  return run("strace", all, options);
}

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

const Words small_batch = {"generate", "-q", "--serial", "--count", "3", "--list", "none", "a/out"};

// One occurrence after the other, to the last that a small batch makes. `from_then_on` "+": and all
// that follow it.
void sweep(const std::string& call, const std::string& error,
           const std::string& from_then_on = "") {
  for (int when = 1; when < 100; ++when) {
    const TemporaryDirectory directory;
    const auto fault = call + ":error=" + error + ":when=" + std::to_string(when) + from_then_on;
    const auto ended = ream_with(directory, fault, small_batch);
    BOOST_TEST_CONTEXT(fault << ": " << ended.err) {
      BOOST_TEST(ended.signal == 0);
      const bool there = directory.contains("a/out/info3");
      // What is left beside a batch that is there is told too.
      const bool left = ended.err.find("cannot remove 'a/.out.ream-") != std::string::npos;
      BOOST_TEST((ended.exit_code == 0) == (there && !left));
      if (ended.exit_code != 0) BOOST_TEST(ended.err.find("ream: ") != std::string::npos);
      run_ream({"clean", "a/out"}, {.directory = directory.path().string()});
      if (!there) BOOST_TEST(entries_in(directory.path()) <= 1U);
      if (directory.contains("a")) BOOST_TEST(entries_in(directory / "a") == (there ? 1U : 0U));
    }
    if (ended.exit_code == 0 && when > 40) break;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_failing_call_leaves_nothing_that_clean_does_not_find) {
  if (!faults_can_be_made()) return;
  for (const char* call : {"mkdirat", "renameat2", "flock", "unlinkat"}) sweep(call, "EIO");
  sweep("openat", "EMFILE");
  sweep("openat", "EMFILE", "+");
}

BOOST_AUTO_TEST_CASE(a_lock_file_that_cannot_be_looked_at_ends_the_batch) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto ended = ream_with(directory, "statx:error=EACCES:when=3+", small_batch);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(entries_in(directory.path()) <= 1U);
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_linked_are_renamed) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto ended =
      ream_with(directory, "linkat:error=ENOENT",
                {"generate", "-q", "--serial", "--atomic", "file", "--count", "3", "out"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "info1\ninfo2\ninfo3\n");
  BOOST_TEST(entries_in(directory / "out") == 3U);
}

BOOST_AUTO_TEST_CASE(a_link_whose_time_cannot_be_set_leaves_the_old_one) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.make_directory("out");
  directory.make_link("old", "out/l");
  directory.write_file("m", R"({"path": "l", "symlink": "new", "mtime": "5"})");
  const auto ended = ream_with(directory, "utimensat:error=EIO:when=1",
                               {"write", "--serial", "--if-exists", "replace", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(fs::read_symlink(directory / "out/l") == "old");
  BOOST_TEST(entries_in(directory / "out") == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_failed_batch_cannot_remove_is_told_and_found_again) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.write_file("m",
                       "{\"path\": \"a\", \"content\": \"x\"}\n"
                       "{\"path\": \"b\", \"from\": \"absent\"}\n");
  const auto ended = ream_with(directory, "unlinkat:error=EIO", {"write", "--serial", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot remove '.out.ream-") != std::string::npos);
  BOOST_TEST(entries_in(directory.path()) == 3U);  // with the lock file
  BOOST_TEST(run_ream({"clean", "out"}, {.directory = directory.path().string()}).exit_code == 0);
  BOOST_TEST(entries_in(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_looked_at_is_told_as_that) {
  if (!faults_can_be_made()) return;
  for (const char* atomic : {"file", "none"}) {
    for (int when = 1; when < 25; ++when) {
      const TemporaryDirectory directory;
      directory.write_file("out/info1", "theirs");
      const auto fault = "statx:error=EIO:when=" + std::to_string(when);
      const auto ended = ream_with(directory, fault,
                                   {"generate", "-q", "--serial", "--count", "3", "--list", "none",
                                    "--atomic", atomic, "--if-exists", "update", "out"});
      if (ended.exit_code == 0) continue;
      BOOST_TEST(ended.err.find("Input/output error") != std::string::npos,
                 fault << ": " << ended.err);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_filesystem_that_cannot_exchange_is_told_before_anything_is_written) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.write_file("out/old", "x");
  const auto ended = ream_with(directory, "renameat2:error=EINVAL",
                               {"generate", "--serial", "--count", "3", "--atomic", "batch",
                                "--if-exists", "replace", "--report", "report", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot exchange two directories") != std::string::npos);
  BOOST_TEST(!directory.contains("report"));  // nothing had begun
  BOOST_TEST(directory.contains("out/old"));
  BOOST_TEST(entries_in(directory.path()) == 1U);
}
