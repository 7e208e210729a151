// Others that take a child's status, signals at any time, limits that are reached.
#define BOOST_TEST_MODULE process_robustness
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

void reap_everything(int) {
  const int saved = errno;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  errno = saved;
}

// While it lives, SIGCHLD is handled so.
class OnSigchld {
 public:
  explicit OnSigchld(void (*handler)(int), int flags = 0) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    ::sigaction(SIGCHLD, &action, &before_);
  }
  ~OnSigchld() { ::sigaction(SIGCHLD, &before_, nullptr); }
  OnSigchld(const OnSigchld&) = delete;
  OnSigchld& operator=(const OnSigchld&) = delete;

 private:
  struct sigaction before_ {};
};

void check_lost(Process& process) {
  BOOST_TEST(process.join_for(1min));
  process.join();
  BOOST_TEST(!process.is_alive());
  BOOST_TEST((process.exit_status() == ExitStatus(Lost{})));
  BOOST_TEST(!process.exitcode().has_value());
  process.terminate();
  process.kill();
  BOOST_TEST(process.terminate_or_kill(0ms));
  BOOST_TEST(process.sentinel() >= 0);
}

// A process with this very pid; -1 where the kernel does not allow to choose one.
pid_t stranger_with(pid_t pid, const Echo& echo) {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  arguments.set_tid = reinterpret_cast<std::uintptr_t>(&pid);
  arguments.set_tid_size = 1;
  const auto made = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
  if (made == 0) {
    echo.run();
    ::_exit(0);
  }
  return made;
}

// Signals in quick succession to the calling thread: none of its waits stays uninterrupted.
class SignalStorm {
 public:
  SignalStorm() {
    struct sigaction action {};
    action.sa_handler = [](int) { received_ = received_ + 1; };
    ::sigaction(SIGALRM, &action, &before_);
    set(500);
  }
  ~SignalStorm() {
    set(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  SignalStorm(const SignalStorm&) = delete;
  SignalStorm& operator=(const SignalStorm&) = delete;
  int received() const { return received_; }

 private:
  static void set(int microseconds) {
    const itimerval interval{{0, microseconds}, {0, microseconds}};
    ::setitimer(ITIMER_REAL, &interval, nullptr);
  }
  struct sigaction before_ {};
  static inline volatile sig_atomic_t received_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_child_whose_status_another_wait_took_has_ended) {
  Process process([] { std::exit(3); });
  process.start();
  BOOST_TEST(::waitpid(-1, nullptr, 0) == process.pid());
  check_lost(process);
}

BOOST_AUTO_TEST_CASE(a_join_that_waits_returns_when_a_thread_has_taken_the_status) {
  for (int i = 0; i < 20; ++i) {
    const Gate go;
    Process process([&] { go.wait(); });
    process.start();
    std::thread taker([] { ::waitpid(-1, nullptr, 0); });
    go.open();
    process.join();
    taker.join();
    BOOST_TEST(!process.is_alive());
    BOOST_TEST(process.exit_status().has_value());  // whoever was first
  }
}

BOOST_AUTO_TEST_CASE(a_handler_that_waits_for_everything_is_noticed) {
  const OnSigchld handler(reap_everything);
  const Gate go;
  Process process([&] { go.wait(); });
  process.start();
  Process opener([&] { go.open(); });
  opener.start();
  check_lost(process);
  check_lost(opener);
}

BOOST_AUTO_TEST_CASE(sigchld_ignored_is_noticed) {
  for (const int flags : {0, SA_NOCLDWAIT}) {
    const OnSigchld ignored(flags == 0 ? SIG_IGN : SIG_DFL, flags);
    const Gate go;
    Process process([&] { go.wait(); });
    process.start();
    BOOST_TEST(process.is_alive());
    BOOST_TEST(!process.exit_status().has_value());
    go.open();
    check_lost(process);
    for (int i = 0; i < 100; ++i) {  // some of which are gone before they can be watched
      Process quick([] { ::_exit(0); });
      quick.start();
      check_lost(quick);
    }
  }
}

BOOST_AUTO_TEST_CASE(join_all_and_the_destructor_pass_over_children_that_others_took) {
  const OnSigchld ignored(SIG_IGN);
  std::vector<Process> several;
  for (int i = 0; i < 20; ++i) {
    several.emplace_back(ProcessOptions{.daemon = i % 2 == 0}, [] {});
    several.back().start();
  }
  join_all(several);
  for (const auto& process : several) BOOST_TEST((process.exit_status() == ExitStatus(Lost{})));
  Process({.daemon = true}, [] {}).start();
}

BOOST_AUTO_TEST_CASE(a_grandchild_that_holds_descriptors_does_not_hold_up_join) {
  const Gate go;
  const auto leave_a_grandchild = [&] {
    if (::fork() == 0) {
      go.wait();
      ::_exit(0);
    }
    throw std::runtime_error("expected");
  };
  const auto ended = run_forked([&] {
    for (const bool ignored : {false, true}) {
      if (ignored) ::signal(SIGCHLD, SIG_IGN);
      Process process(leave_a_grandchild);
      process.start();
      if (!process.join_for(30s)) std::exit(1);
      std::cout << process.error().value() << '\n';
    }
  });
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "expected\nexpected\n");
  go.open();
}

BOOST_AUTO_TEST_CASE(a_stranger_who_got_the_pid_is_never_signalled) {
  for (const bool by_another : {false, true}) {
    const Echo stranger;
    auto process =
        std::make_unique<Process>(ProcessOptions{.daemon = true, .grace = 0ms}, [] { ::_exit(0); });
    process->start();
    if (by_another) {
      ::waitpid(process->pid(), nullptr, 0);
    } else {
      process->join();
    }
    const auto pid = stranger_with(process->pid(), stranger);
    if (pid < 0) {
      BOOST_TEST_MESSAGE("skipped: no right to choose a pid");
      return;
    }
    process->interrupt();
    process->terminate();
    process->kill();
    process->terminate_or_kill(0ms);
    process.reset();
    BOOST_TEST(stranger.answers());
    stranger.finish();
    ::waitpid(pid, nullptr, 0);
  }
}

BOOST_AUTO_TEST_CASE(signals_interrupt_nothing) {
  const Gate go;
  Process waiting({.daemon = true}, [&] { go.wait(); });
  waiting.start();
  const SignalStorm storm;
  const auto before = Process::Clock::now();
  BOOST_TEST(!waiting.join_for(100ms));
  BOOST_TEST((Process::Clock::now() - before >= 100ms));
  BOOST_TEST(!join_all_for(std::vector{&waiting}, 100ms));
  BOOST_TEST((Process::Clock::now() - before >= 200ms));
  std::vector<Process> several;
  for (int i = 0; i < 50; ++i) {
    several.emplace_back([i] {
      ::usleep(2000);
      std::exit(i);
    });
    several.back().start();
    if (i % 2 == 0) several.back().join();
  }
  join_all(several);
  for (int i = 0; i < 50; ++i) {
    BOOST_TEST(several[static_cast<std::size_t>(i)].exitcode().value() == i);
  }
  BOOST_TEST(waiting.terminate_or_kill(1min));
  BOOST_TEST(storm.received() > 50);
}

BOOST_AUTO_TEST_CASE(a_thousand_rounds_leave_nothing_behind) {
  const auto before = open_descriptors();
  for (int i = 0; i < 1000; ++i) {
    Process process({.daemon = i % 2 == 0}, [i] { std::exit(i % 200); });
    process.start();
    process.join();
    BOOST_REQUIRE(process.exitcode().value() == i % 200);
  }
  BOOST_TEST(open_descriptors() == before);
  BOOST_TEST(!has_children());
  BOOST_TEST(active_children().empty());
}
