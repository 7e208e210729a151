#define BOOST_TEST_MODULE child
#include "process/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "os/process.hpp"

using namespace ream;
using process::Child;

namespace ream {
std::ostream& operator<<(std::ostream& out, const ExitStatus& status) {
  return out << status.to_string();
}
}  // namespace ream

namespace {

bool handler_ran = false;

void note(int) {
  handler_ran = true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_ends_with_what_its_function_returns) {
  auto child = Child::start([] { return 42; });
  BOOST_TEST(child.running());
  BOOST_TEST(child.wait() == ExitStatus(Exited{42}));
  BOOST_TEST(!child.running());
}

BOOST_AUTO_TEST_CASE(an_exception_ends_it_with_one) {
  auto child = Child::start([]() -> int { throw std::runtime_error("expected by the test"); });
  BOOST_TEST(child.wait() == ExitStatus(Exited{1}));
}

BOOST_AUTO_TEST_CASE(a_signal_is_told_apart_from_an_exit) {
  auto child = Child::start([]() -> int {
    os::disable_core_dump();
    std::abort();
  });
  BOOST_TEST(child.wait() == ExitStatus(Signalled{SIGABRT, false}));
}

BOOST_AUTO_TEST_CASE(a_status_that_somebody_else_took_is_lost) {
  auto child = Child::start([] { return 0; });
  ::waitpid(child.pid(), nullptr, 0);
  BOOST_TEST(child.wait() == ExitStatus(Lost{}));
}

BOOST_AUTO_TEST_CASE(one_that_is_dropped_is_killed_and_reaped) {
  pid_t pid = 0;
  {
    const auto child = Child::start([] {
      os::sleep_milliseconds(60'000);
      return 0;
    });
    pid = child.pid();
  }
  BOOST_TEST(::kill(pid, 0) == -1);
}

BOOST_AUTO_TEST_CASE(handlers_are_at_their_default_and_the_mask_is_restored) {
  ::signal(SIGUSR1, note);
  ::signal(SIGUSR2, SIG_IGN);
  const int ignored[] = {SIGINT};
  auto child = Child::start(
      [] {
        struct sigaction one {};
        struct sigaction two {};
        struct sigaction interrupt {};
        ::sigaction(SIGUSR1, nullptr, &one);
        ::sigaction(SIGUSR2, nullptr, &two);
        ::sigaction(SIGINT, nullptr, &interrupt);
        sigset_t mask;
        ::sigprocmask(SIG_SETMASK, nullptr, &mask);
        const bool as_told = one.sa_handler == SIG_DFL && two.sa_handler == SIG_IGN &&
                             interrupt.sa_handler == SIG_IGN && ::sigismember(&mask, SIGTERM) == 0;
        return as_told ? 0 : 1;
      },
      ignored);
  BOOST_TEST(child.wait() == ExitStatus(Exited{0}));
  ::raise(SIGUSR1);
  BOOST_TEST(handler_ran);
  ::signal(SIGUSR1, SIG_DFL);
  ::signal(SIGUSR2, SIG_DFL);
}

BOOST_AUTO_TEST_CASE(it_does_not_run_the_parents_exit_handlers) {
  static int* shared = nullptr;
  const auto pipe = os::make_pipe();
  static int write_end = pipe.write.get();
  std::atexit([] {
    if (shared != nullptr) [[maybe_unused]]
      const auto written = ::write(write_end, "x", 1);
  });
  static int marker = 0;
  shared = &marker;
  auto child = Child::start([] { return 0; });
  BOOST_TEST(child.wait().success());
  shared = nullptr;
  int fds[] = {pipe.read.get()};
  bool ready[] = {true};
  os::poll_readable(fds, ready, 0);
  BOOST_TEST(!ready[0]);
}

BOOST_AUTO_TEST_CASE(run_in_child_waits_for_it) {
  BOOST_TEST(process::run_in_child([] { return 7; }) == ExitStatus(Exited{7}));
}
