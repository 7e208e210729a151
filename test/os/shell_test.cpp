// Commands of others, and how they are ended.
#define BOOST_TEST_MODULE shell
#include "os/shell.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "os/process.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using namespace ream::test;

namespace {

// Runs `command` until it has made `ready`, and then has it stopped. Returns how long that took.
double seconds_to_stop(const TemporaryDirectory& directory, const std::string& command) {
  auto stop = os::make_pipe();
  std::chrono::steady_clock::time_point stopped;
  std::thread stopper([&] {
    eventually([&] { return directory.contains("ready"); });
    stopped = std::chrono::steady_clock::now();
    stop.write.reset();
  });
  os::run_in_shell("cd " + os::shell_word(directory.path().native()) + "; " + command,
                   os::Output::nowhere, stop.read.get());
  stopper.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - stopped).count();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_program_of_the_shell_has_time_to_tidy_when_that_has_ended) {
  const TemporaryDirectory directory;
  directory.write_file("script",
                       "trap 'sleep 0.3; rm rubbish; touch tidy; exit' TERM\n"
                       "touch rubbish ready\nwhile :; do sleep 0.05; done\n");
  const auto seconds = seconds_to_stop(directory, "sh script; :");
  BOOST_TEST(directory.contains("tidy"));
  BOOST_TEST(!directory.contains("rubbish"));
  BOOST_TEST(seconds < 1.5);  // and no more than it takes
}

BOOST_AUTO_TEST_CASE(who_does_not_end_is_killed_after_two_seconds) {
  const TemporaryDirectory directory;
  directory.write_file("script", "trap : TERM\ntouch ready\nwhile :; do sleep 0.1; done\n");
  const auto seconds = seconds_to_stop(directory, "sh script; :");
  BOOST_TEST(seconds >= 2);
  BOOST_TEST(seconds < 4);
}

BOOST_AUTO_TEST_CASE(what_a_command_leaves_running_is_ended_with_it) {
  const TemporaryDirectory directory;
  const auto mark = os::shell_word((directory / "mark").native());
  BOOST_TEST(
      os::run_in_shell("(sleep 0.3; touch " + mark + ") & :", os::Output::nowhere).success());
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  BOOST_TEST(!directory.contains("mark"));
}
