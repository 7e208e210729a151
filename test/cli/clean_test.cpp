#define BOOST_TEST_MODULE clean
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "support/mounted_filesystem.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

RunOptions in(const TemporaryDirectory& directory) {
  RunOptions options;
  options.directory = directory.path().string();
  return options;
}

std::vector<std::string> names_in(const fs::path& path, std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) {
    const auto name = entry.path().filename().native();
    if (name.starts_with(prefix)) names.push_back(name);
  }
  return names;
}

// Two entries for a run that has a hidden directory and its lock.
std::size_t leftovers(const TemporaryDirectory& directory) {
  return names_in(directory.path(), ".out.ream-").size();
}

void kill_in_the_middle(const TemporaryDirectory& directory) {
  Running running(
      REAM_PROGRAM,
      {"generate", "--count", "100000", "--size", "100", "-j3", "--list", "none", "out"},
      in(directory));
  BOOST_REQUIRE(eventually([&] {
    const auto hidden = names_in(directory.path(), ".out.ream-");
    if (hidden.size() < 2) return false;
    const auto name = hidden[0].ends_with(".lock") ? hidden[1] : hidden[0];
    boost::system::error_code gone;
    const auto tree = directory.path() / name / "tree";
    return fs::exists(tree, gone) && !names_in(tree, "info").empty();
  }));
  running.send_signal(SIGKILL);
  BOOST_TEST(running.wait().signal == SIGKILL);
  BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_next_run_removes_what_a_killed_one_left) {
  const TemporaryDirectory directory;
  kill_in_the_middle(directory);
  BOOST_TEST(!directory.contains("out"));
  BOOST_TEST(leftovers(directory) == 2U);
  BOOST_TEST(run_ream({"generate", "--count", "3", "out"}, in(directory)).exit_code == 0);
  BOOST_TEST(leftovers(directory) == 0U);
  BOOST_TEST(names_in(directory / "out", "").size() == 3U);
}

BOOST_AUTO_TEST_CASE(clean_removes_it_and_says_so) {
  const TemporaryDirectory directory;
  kill_in_the_middle(directory);
  directory.write_file(".out.ream-0123456789abcdef/kept", "no lock file tells of it");
  const auto cleaned = run_ream({"clean", "out"}, in(directory));
  BOOST_TEST(cleaned.exit_code == 0);
  BOOST_TEST(cleaned.out.starts_with("removed '.out.ream-"));
  BOOST_TEST(leftovers(directory) == 1U);
  BOOST_TEST(directory.contains(".out.ream-0123456789abcdef/kept"));
  const auto again = run_ream({"clean", "out/"}, in(directory));
  BOOST_TEST(again.exit_code == 0);
  BOOST_TEST(again.out == "");
}

BOOST_AUTO_TEST_CASE(a_run_that_lives_is_left_alone) {
  const TemporaryDirectory directory;
  Running running(REAM_PROGRAM,
                  {"generate", "--count", "20000", "--size", "100", "-j2", "--list", "none", "out"},
                  in(directory));
  BOOST_REQUIRE(eventually([&] { return leftovers(directory) == 2U; }));
  for (int i = 0; i < 5; ++i) BOOST_TEST(run_ream({"clean", "out"}, in(directory)).out == "");
  BOOST_TEST(running.wait().exit_code == 0);
  BOOST_TEST(leftovers(directory) == 0U);
}

BOOST_AUTO_TEST_CASE(two_runs_at_once_publish_one_batch_and_name_what_is_in_the_way_of_the_other) {
  for (int i = 0; i < 5; ++i) {
    const TemporaryDirectory directory;
    const std::vector<std::string> half = {"generate", "--count", "1500", "-j1", "--list", "none"};
    auto one = half;
    one.insert(one.end(), {"--fill", "1", "out"});
    auto other = half;
    other.insert(other.end(), {"--fill", "2", "out"});
    Running first(REAM_PROGRAM, one, in(directory));
    Running second(REAM_PROGRAM, other, in(directory));
    const auto a = first.wait();
    const auto b = second.wait();
    BOOST_TEST(a.exit_code + b.exit_code == 1);
    const auto winner = a.exit_code == 0 ? '1' : '2';
    BOOST_TEST((a.err + b.err).find("'out'") != std::string::npos);
    for (int number = 1; number <= 1500; number += 7) {
      const auto text = directory.read_file("out/info" + std::to_string(number));
      BOOST_REQUIRE(text == std::string(static_cast<std::size_t>(number), winner));
    }
    BOOST_TEST(leftovers(directory) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(temporary_files_of_a_killed_run_go) {
  if (!can_mount("xfs")) {
    BOOST_TEST_MESSAGE("skipped: an XFS image needs root, mkfs.xfs and a loop device");
    return;
  }
  const TemporaryDirectory directory;
  const MountedImage mounted(directory, "xfs", "320m");
  for (const std::string out : {"xfs/a/out", "xfs"}) {
    const std::vector<std::string> arguments = {"generate", "--atomic", "file", "--count",
                                                "20",       "--size",   "12M",  "--per-dir",
                                                "2",        "--list",   "none", out};
    const auto temporaries = [&] {
      return run("find", {(directory / out).string(), "-name", ".ream-*.*", "!", "-name", "*.lock"})
          .out;
    };
    Running running(REAM_PROGRAM, arguments, in(directory));
    BOOST_REQUIRE(eventually([&] {
      running.send_signal_to_group(SIGSTOP);  // else they may be complete before the signal comes
      if (!temporaries().empty()) return true;
      running.send_signal_to_group(SIGCONT);
      return false;
    }));
    running.send_signal_to_group(SIGKILL);
    running.wait();
    BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
    BOOST_REQUIRE(!temporaries().empty());
    const auto cleaned = run_ream({"clean", out}, in(directory));
    BOOST_TEST(cleaned.exit_code == 0);
    BOOST_TEST(cleaned.out.find("/.ream-") != std::string::npos);
    BOOST_TEST(temporaries().empty());
    BOOST_TEST(names_in(directory / "xfs", ".").empty());
    BOOST_TEST(run("sh", {"-c", "rm -rf \"$1\"/*", "sh", (directory / "xfs").string()}).exit_code ==
               0);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_removed_is_named_and_keeps_its_mark) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a filesystem needs root");
    return;
  }
  const TemporaryDirectory directory;
  kill_in_the_middle(directory);
  const auto hidden = names_in(directory.path(), ".out.ream-");
  const auto name = hidden[0].ends_with(".lock") ? hidden[1] : hidden[0];
  directory.make_directory(name + "/mounted");
  {
    const MountedTmpfs mounted(directory / (name + "/mounted"), "1m");
    const auto cleaned = run_ream({"clean", "out"}, in(directory));
    BOOST_TEST(cleaned.exit_code == 1);
    BOOST_TEST(cleaned.err.find("cannot remove '" + name + "'") != std::string::npos);
    BOOST_TEST(run_ream({"generate", "--count", "3", "out"}, in(directory)).exit_code == 0);
    BOOST_TEST(leftovers(directory) == 2U);
  }
  BOOST_TEST(run_ream({"clean", "out"}, in(directory)).exit_code == 0);
  BOOST_TEST(leftovers(directory) == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_is_removed_for_a_make_that_only_shows_what_it_would_do) {
  const TemporaryDirectory directory;
  directory.write_file(".out.ream-0123456789abcdef.lock", "");
  RunOptions options;
  options.directory = directory.path().string();
  options.environment["MAKEFLAGS"] = "n";
  BOOST_TEST(run_ream({"clean", "out"}, options).exit_code == 0);
  BOOST_TEST(directory.contains(".out.ream-0123456789abcdef.lock"));
  options.environment.clear();
  BOOST_TEST(run_ream({"clean", "out"}, options).exit_code == 0);
  BOOST_TEST(!directory.contains(".out.ream-0123456789abcdef.lock"));
}

BOOST_AUTO_TEST_CASE(there_may_be_nothing_to_clean) {
  const TemporaryDirectory directory;
  for (const char* name : {"absent", "absent/below", "."}) {
    const auto ended = run_ream({"clean", name}, in(directory));
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(ended.out == "");
  }
  BOOST_TEST(run_ream({"clean"}, in(directory)).exit_code == 2);
}
