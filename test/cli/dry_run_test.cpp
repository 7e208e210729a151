// --dry-run tells what would be written, and writes nothing.
#define BOOST_TEST_MODULE dry_run
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>

#include "support/another_user.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

constexpr const char* manifest = R"({"path": "d/a", "content": "1"}
{"path": "b", "content": "2"}
{"path": "l", "symlink": "b"}
{"path": "e", "directory": true}
)";

// Everything that is there, with times and inodes.
std::string picture(const TemporaryDirectory& directory) {
  return run("find", {directory.path().string(), "-printf", "%P %i %y %m %T@ %C@ %l\\n"}).out;
}

// Says what `ream write --dry-run` does, which must be nothing.
Ended dry_run(const TemporaryDirectory& directory, const Words& more = {}) {
  Words words = {"write", "--dry-run"};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"m", "out"});
  RunOptions options;
  options.directory = directory.path().string();
  const auto before = picture(directory);
  const auto ended = run_ream(words, options);
  BOOST_TEST(picture(directory) == before);
  return ended;
}

Ended write(const TemporaryDirectory& directory, const Words& more = {}) {
  Words words = {"write", "-q", "--list", "none"};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"m", "out"});
  RunOptions options;
  options.directory = directory.path().string();
  return run_ream(words, options);
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_would_be_written_is_told_in_the_manifests_order) {
  const TemporaryDirectory directory;
  directory.write_file("m", manifest);
  for (const Words& words : {Words{}, Words{"--atomic", "file"}, Words{"--serial"},
                             Words{"--stamp", "s", "--depfile", "x", "--prune", "--sums", "c"}}) {
    const auto ended = dry_run(directory, words);
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(ended.out == "d/a\nb\nl\ne\n");
    BOOST_TEST(ended.err == "ream: dry run: 4 would be written\n");
  }
  BOOST_TEST(dry_run(directory, {"-0", "-q"}).out == std::string("d/a\0b\0l\0e\0", 10));
  BOOST_TEST(dry_run(directory, {"-q"}).err == "");
}

BOOST_AUTO_TEST_CASE(what_is_there_is_looked_at_as_the_batch_would) {
  const TemporaryDirectory directory;
  directory.write_file("m", manifest);
  BOOST_TEST(write(directory).exit_code == 0);
  const auto refused = dry_run(directory);
  BOOST_TEST(refused.exit_code == 1);
  BOOST_TEST(refused.out == "");
  BOOST_TEST(refused.err.starts_with("ream: cannot create 'd/a': File exists\n"));
  auto ended = dry_run(directory, {"--if-exists", "update"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err == "ream: dry run: 0 would be written, 4 unchanged\n");
  BOOST_TEST(dry_run(directory, {"--if-exists", "skip"}).err ==
             "ream: dry run: 0 would be written, 1 unchanged, 3 skipped\n");
  BOOST_TEST(dry_run(directory, {"--if-exists", "replace"}).out == "d/a\nb\nl\n");
  BOOST_TEST(dry_run(directory, {"--if-exists", "replace", "--atomic", "batch"}).out ==
             "d/a\nb\nl\ne\n");
  BOOST_TEST(dry_run(directory, {"--atomic", "batch"}).exit_code == 1);
  directory.write_file("out/b", "x");
  directory.remove("out/l");
  directory.make_link("elsewhere", "out/l");
  BOOST_TEST(dry_run(directory, {"--if-exists", "update"}).out == "b\nl\n");
}

BOOST_AUTO_TEST_CASE(it_is_refused_as_the_batch_would_be) {
  const TemporaryDirectory directory;
  directory.write_file("m", std::string(manifest) + "{\"path\": \"../x\", \"content\": \"\"}\n");
  const auto bad = dry_run(directory);
  BOOST_TEST(bad.exit_code == 2);
  BOOST_TEST(bad.err.find("m:5: ") != std::string::npos);
  BOOST_TEST(bad.out == "");
  directory.write_file("m", manifest);
  for (const Words& words :
       {Words{"--sums", "out/s"}, Words{"--stamp", "out/s"},
        Words{"--stamp", "s", "--depfile", "out/s"}, Words{"--prune", "--record", "out/s"}}) {
    BOOST_TEST(dry_run(directory, words).exit_code == 2);
  }
  directory.make_directory("out/b");
  for (const char* way : {"replace", "update"}) {
    const auto ended = dry_run(directory, {"--if-exists", way});
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(ended.err.starts_with("ream: cannot create 'b': Is a directory\n"), ended.err);
  }
  directory.remove("out");
  directory.write_file("out", "");
  BOOST_TEST(dry_run(directory).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(what_would_be_pruned_is_told) {
  const TemporaryDirectory directory;
  directory.write_file("m", manifest);
  const Words words = {"--if-exists", "update", "--prune", "--record", "r"};
  BOOST_TEST(write(directory, words).exit_code == 0);
  directory.write_file("m", "{\"path\": \"b\", \"content\": \"2\"}\n");
  const auto ended = dry_run(directory, words);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err ==
             "ream: would be removed: 'out/d/a'\nream: would be removed: 'out/l'\n"
             "ream: dry run: 0 would be written, 1 unchanged, 2 removed\n");
  directory.write_file("out/d/a", "mine");
  BOOST_TEST(
      dry_run(directory, words).err ==
      "ream: would be removed: 'out/l'\n"
      "ream: kept 'out/d/a': the manifest does not have it any more, but it was changed since "
      "it was written\n"
      "ream: dry run: 0 would be written, 1 unchanged, 1 removed\n");
  directory.write_file("r", "x\n");
  BOOST_TEST(dry_run(directory, words).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(nothing_would_be_pruned_where_the_batch_would_fail) {
  const TemporaryDirectory directory;
  directory.write_file("m", manifest);
  const Words words = {"--prune", "--record", "r"};
  BOOST_TEST(write(directory, words).exit_code == 0);
  directory.write_file("m", "{\"path\": \"b\", \"content\": \"2\"}\n");
  const auto ended = dry_run(directory, words);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("'b'") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("removed") == std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_to_be_pruned_is_told_beside_the_rest) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("only root can become another user");
    return;
  }
  const TemporaryDirectory directory;
  directory.set_mode(".", 0755);
  directory.write_file("m", manifest);
  Words words = {"--if-exists", "update", "--prune", "--record", "r"};
  BOOST_TEST(write(directory, words).exit_code == 0);
  directory.set_mode("out/d/a", 0);
  for (const char* writable : {".", "out"}) directory.set_mode(writable, 0777);
  directory.write_file("m", "{\"path\": \"new\", \"content\": \"2\"}\n");
  RunOptions options;
  options.directory = directory.path().string();
  options.before_exec = become_nobody;
  words.insert(words.begin(), {"write", "-n"});
  words.insert(words.end(), {"m", "out"});
  const auto ended = run_ream(words, options);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out == "new\n");
  BOOST_TEST(ended.err.find("would be removed: 'out/b'") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("'out/d/a': Permission denied") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_time_alone_is_nothing_to_write) {
  const TemporaryDirectory directory;
  directory.write_file("m", R"({"path": "f", "content": "1", "mtime": "1000"})");
  const Words words = {"--if-exists", "update"};
  BOOST_TEST(write(directory, words).exit_code == 0);
  directory.write_file("m", R"({"path": "f", "content": "1", "mtime": "2000"})");
  BOOST_TEST(dry_run(directory, words).err == "ream: dry run: 0 would be written, 1 unchanged\n");
  fs::create_hard_link(directory / "out/f", directory / "other");  // which keeps its time
  BOOST_TEST(dry_run(directory, words).out == "f\n");
}

BOOST_AUTO_TEST_CASE(a_make_that_only_shows_what_it_would_do_has_nothing_written) {
  for (const auto* makeflags : {"n", "kn -j4 --jobserver-auth=3,4", "q", "t"}) {
    const TemporaryDirectory directory;
    RunOptions options;
    options.directory = directory.path().string();
    options.environment["MAKEFLAGS"] = makeflags;
    const auto ended = run_ream({"generate", "--count", "3", "-j1", "out"}, options);
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(ended.out == "info1\ninfo2\ninfo3\n");
    BOOST_TEST(!fs::exists(directory / "out"));
  }
}

// $(shell ream write -n ...) in a sub-make: there a + cannot be put before anything.
BOOST_AUTO_TEST_CASE(a_jobserver_out_of_reach_is_no_matter) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  options.environment["MAKEFLAGS"] = " -j4 --jobserver-auth=333,334";
  options.environment["REAM_JOBS"] = std::nullopt;
  const auto ended = run_ream({"generate", "-n", "-q", "--count", "2", "out"}, options);
  BOOST_TEST(ended.out == "info1\ninfo2\n");
  BOOST_TEST(ended.err == "");
  // What writes is told: it could be faster.
  const auto written = run_ream({"generate", "-q", "--count", "2", "out"}, options);
  BOOST_TEST(written.err.find("one worker only") != std::string::npos, written.err);
}
