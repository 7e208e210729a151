#define BOOST_TEST_MODULE interruption
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

constexpr std::uintmax_t size = 64 << 10;

// A batch that takes a few seconds where nobody stops it.
const std::vector<std::string> long_batch = {"generate", "--atomic", "file",   "--count", "50000",
                                             "--size",   "64K",      "--list", "none",    "out"};

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

RunOptions in(const TemporaryDirectory& directory) {
  RunOptions options;
  options.directory = directory.path().string();
  return options;
}

std::size_t files_in(const TemporaryDirectory& directory) {
  if (!directory.contains("out")) return 0;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory / "out"), fs::directory_iterator()));
}

std::size_t partial_files_in(const TemporaryDirectory& directory) {
  std::size_t partial = 0;
  for (const auto& entry : fs::directory_iterator(directory / "out")) {
    partial += fs::file_size(entry.path()) != size;
  }
  return partial;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream list("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_stop_signal_leaves_whole_files_says_how_far_it_got_and_ends_by_itself) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    for (const char* placement : {"--serial", "-j3", "--process-per-file"}) {
      const TemporaryDirectory directory;
      Running running(REAM_PROGRAM, with(long_batch, {placement}), in(directory));
      BOOST_REQUIRE(eventually([&] { return files_in(directory) > 20; }));
      if (signal == SIGINT) {
        running.send_signal_to_group(signal);  // as a terminal does
      } else {
        running.send_signal(signal);
      }
      const auto ended = running.wait();
      BOOST_TEST_CONTEXT(placement << ": " << ended.err) {
        BOOST_TEST(ended.signal == signal);
        BOOST_TEST(!running.anyone_left());
        BOOST_TEST(partial_files_in(directory) == 0U);
        std::string number = std::to_string(files_in(directory));
        if (number.size() > 3) number.insert(number.size() - 3, ",");
        BOOST_TEST(ended.err.find(": " + number + " of 50,000 files are complete") !=
                   std::string::npos);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stop_signal_leaves_nothing_of_a_batch_that_appears_as_a_whole) {
  for (const char* placement : {"--serial", "-j3", "--process-per-file"}) {
    const TemporaryDirectory directory;
    auto arguments = with(long_batch, {placement});
    arguments[2] = "batch";
    Running running(REAM_PROGRAM, arguments, in(directory));
    BOOST_REQUIRE(eventually([&] { return !fs::is_empty(directory.path()); }));
    running.send_signal_to_group(SIGINT);
    const auto ended = running.wait();
    BOOST_TEST_CONTEXT(placement << ": " << ended.err) {
      BOOST_TEST(ended.signal == SIGINT);
      BOOST_TEST(!running.anyone_left());
      BOOST_TEST(fs::is_empty(directory.path()));
      BOOST_TEST(ended.err.find("stopped by SIGINT: 'out' is as it was") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stop_signal_while_links_are_made_says_how_far_it_got) {
  const TemporaryDirectory directory;
  std::string manifest;
  for (int i = 0; i < 200'000; ++i) {
    manifest += R"({"path": "l)" + std::to_string(i) + "\", \"symlink\": \"x\"}\n";
  }
  directory.write_file("m", manifest);
  Running running(REAM_PROGRAM, {"write", "--atomic", "file", "--list", "none", "m", "out"},
                  in(directory));
  BOOST_REQUIRE(eventually([&] { return files_in(directory) > 20; }));
  running.send_signal(SIGTERM);
  const auto ended = running.wait();
  BOOST_TEST(ended.signal == SIGTERM);
  BOOST_TEST(ended.err.find("ream: stopped by SIGTERM: ") == 0U);
  BOOST_TEST(files_in(directory) < 200'000U);
}

BOOST_AUTO_TEST_CASE(an_ignored_signal_stays_ignored) {
  const TemporaryDirectory directory;
  auto options = in(directory);
  options.before_exec = [] { ::signal(SIGHUP, SIG_IGN); };
  Running running(REAM_PROGRAM,
                  {"generate", "--atomic", "file", "--count", "3000", "--size", "64K", "out"},
                  options);
  BOOST_REQUIRE(eventually([&] { return files_in(directory) > 20; }));
  running.send_signal_to_group(SIGHUP);
  BOOST_TEST(running.wait().exit_code == 0);
}

BOOST_AUTO_TEST_CASE(workers_end_with_a_driver_that_is_killed) {
  for (const char* placement : {"-j3", "--process-per-file"}) {
    const TemporaryDirectory directory;
    Running running(REAM_PROGRAM, with(long_batch, {placement}), in(directory));
    BOOST_REQUIRE(eventually([&] { return files_in(directory) > 20; }));
    running.send_signal(SIGKILL);
    BOOST_TEST(running.wait().signal == SIGKILL);
    BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
  }
}

BOOST_AUTO_TEST_CASE(killed_workers_lose_no_file) {
  std::mt19937 random(1);
  for (const char* placement : {"-j3", "--process-per-file"}) {
    const TemporaryDirectory directory;
    const std::vector<std::string> batch = {"generate", "--atomic", "file", "--count",
                                            "3000",     "--size",   "64K",  "--list",
                                            "none",     placement,  "out"};
    Running running(REAM_PROGRAM, batch, in(directory));
    int kills = 0;
    for (std::size_t target = 50; kills < 8; target += 50) {
      const auto far_enough = [&] { return files_in(directory) >= target; };
      if (!eventually(far_enough, std::chrono::seconds(5))) break;
      const auto workers = children_of(running.pid());
      if (workers.empty()) break;
      auto victim = workers[random() % workers.size()];
      const auto jobs = children_of(victim);  // now and then the process of one file
      if (!jobs.empty() && kills % 2 == 0) victim = jobs.front();
      kills += ::kill(victim, SIGKILL) == 0;
    }
    BOOST_TEST(kills >= 4);
    const auto ended = running.wait();
    BOOST_TEST_CONTEXT(placement << ": " << ended.err) {
      BOOST_TEST(ended.exit_code == 0);
      BOOST_TEST(files_in(directory) == 3000U);
      BOOST_TEST(partial_files_in(directory) == 0U);
      BOOST_TEST(!running.anyone_left());
    }
  }
}
