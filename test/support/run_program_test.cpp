#define BOOST_TEST_MODULE run_program
#include "support/run_program.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace ream::test;
using namespace std::chrono_literals;

namespace {

Ended sh(const std::string& script, const RunOptions& options = {}) {
  return run("sh", {"-c", script}, options);
}

}  // namespace

BOOST_AUTO_TEST_CASE(exit_code_and_both_outputs_are_told) {
  const Ended ended = sh("echo said; echo complained >&2; exit 3");
  BOOST_TEST(ended.exit_code == 3);
  BOOST_TEST(ended.signal == 0);
  BOOST_TEST(ended.out == "said\n");
  BOOST_TEST(ended.err == "complained\n");
}

BOOST_AUTO_TEST_CASE(end_by_a_signal_is_told) {
  const Ended ended = sh("kill -TERM $$");
  BOOST_TEST(ended.exit_code == -1);
  BOOST_TEST(ended.signal == SIGTERM);
}

BOOST_AUTO_TEST_CASE(program_does_not_go_by_the_make_and_the_user_that_run_the_tests) {
  const std::vector<const char*> names = {"MAKEFLAGS", "MFLAGS",        "MAKELEVEL",
                                          "REAM_JOBS", "REAM_PROGRESS", "NO_COLOR"};
  for (const char* name : names) setenv(name, "1", 1);
  const RunOptions asked_for{.environment = {{"MAKEFLAGS", " -j3"}}};
  const std::string script =
      "echo \"[$MAKEFLAGS$MFLAGS$MAKELEVEL$REAM_JOBS$REAM_PROGRESS$NO_COLOR]\"";
  BOOST_TEST(sh(script).out == "[]\n");
  BOOST_TEST(sh(script, asked_for).out == "[ -j3]\n");
  for (const char* name : names) unsetenv(name);
}

BOOST_AUTO_TEST_CASE(text_larger_than_a_pipe_reaches_standard_input) {
  const std::string text(1 << 20, 'x');
  BOOST_TEST((sh("cat", {.in = Text{text}}).out == text));
}

BOOST_AUTO_TEST_CASE(program_that_does_not_read_its_input_is_no_trouble) {
  BOOST_TEST(sh("exit 0", {.in = Text{std::string(1 << 20, 'x')}}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(standard_input_is_empty_unless_asked_for) {
  BOOST_TEST(sh("cat").out == "");
}

BOOST_AUTO_TEST_CASE(streams_can_be_files_or_closed) {
  BOOST_TEST(sh("cat", {.in = File{"/proc/sys/kernel/ostype"}}).out == "Linux\n");
  BOOST_TEST(sh("echo x", {.out = File{"/dev/full"}}).exit_code != 0);
  BOOST_TEST(sh("test ! -e /proc/self/fd/1", {.out = Closed{}}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(broken_pipe_ends_a_writer_by_sigpipe) {
  BOOST_TEST(sh("exec cat", {.in = File{"/proc/version"}, .out = BrokenPipe{}}).signal == SIGPIPE);
}

BOOST_AUTO_TEST_CASE(terminal_is_one_for_the_program_and_is_captured) {
  const Ended ended = sh("test -t 2 && ! test -t 1 && echo seen >&2", {.err = Terminal{}});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err == "seen\r\n");
}

BOOST_AUTO_TEST_CASE(environment_and_directory_are_changed) {
  const Ended ended =
      sh("pwd; echo ${A-unset} ${HOME-unset}",
         {.directory = "/usr", .environment = {{"A", "1"}, {"HOME", std::nullopt}}});
  BOOST_TEST(ended.out == "/usr\n1 unset\n");
}

BOOST_AUTO_TEST_CASE(child_can_be_limited_before_it_starts) {
  const auto no_files = [] {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
  };
  BOOST_TEST(sh("ulimit -f", {.before_exec = no_files}).signal == SIGXFSZ);
}

BOOST_AUTO_TEST_CASE(program_that_cannot_be_started_says_why) {
  const Ended ended = run("/nonexistent/program", {});
  BOOST_TEST(ended.exit_code == 127);
  BOOST_TEST(ended.err.find("/nonexistent/program: No such file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(program_past_its_timeout_is_killed_with_its_children) {
  Running running("sh", {"-c", "sleep 1000 & sleep 1000"}, {.timeout = 50ms});
  BOOST_TEST(running.anyone_left());
  BOOST_CHECK_THROW(running.wait(), std::runtime_error);
  BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
}

BOOST_AUTO_TEST_CASE(program_in_the_background_takes_signals_and_shows_its_output_so_far) {
  Running running(
      "sh", {"-c", "trap 'echo got it; exit 7' INT; echo ready; while :; do sleep 0.01; done"});
  BOOST_TEST(eventually([&] { return running.out_so_far() == "ready\n"; }));
  running.send_signal(SIGINT);
  const Ended ended = running.wait();
  BOOST_TEST(ended.exit_code == 7);
  BOOST_TEST(ended.out == "ready\ngot it\n");
}
