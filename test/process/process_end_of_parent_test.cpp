// What becomes of the children when their parent ends: well, by a signal, or at any moment.
#define BOOST_TEST_MODULE process_end_of_parent
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

// While it lives, orphans of this process's children become its own, which it can wait for.
struct Subreaper {
  Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
};

// How an orphan ended; 0 where it has not. It is reaped.
int raw_status_of(pid_t orphan) {
  int status = 0;
  eventually([&] { return ::waitpid(orphan, &status, WNOHANG) == orphan; });
  return status;
}

bool was_killed(pid_t orphan) {
  const int status = raw_status_of(orphan);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// The kernel tells children of a thread's end before its entry goes, but after it can be joined.
void end_thoroughly(std::thread& thread, pid_t tid) {
  thread.join();
  const auto entry = "/proc/self/task/" + std::to_string(tid);
  eventually([&] { return !boost::filesystem::exists(entry); });
}

// The thread ends when the child is past what it does before its run(): only then does the kernel
// know that there is somebody to tell.
void start_in_a_thread_that_ends(Process& process, const std::function<void()>& wait_for_run) {
  pid_t tid = 0;
  std::thread starter([&] {
    tid = ::gettid();
    process.start();
    wait_for_run();
  });
  end_thoroughly(starter, tid);
}

const Gate* got_sigterm = nullptr;  // handlers see nothing but statics

void outlive_sigterm(const Gate& ready, const Gate& gate) {
  got_sigterm = &gate;
  ::signal(SIGTERM, [](int) { got_sigterm->open(); });
  ready.open();
  while (true) ::pause();
}

struct End {
  const char* how;
  std::function<void()> end;
  int exit_code;
  int signal;
};
const End normal_ends[] = {
    {"return", [] {}, 0, 0},
    {"exit", [] { std::exit(3); }, 3, 0},
    {"exception", [] { throw std::runtime_error("expected"); }, -1, SIGABRT},
    {"exit in a thread", [] { std::thread([] { std::exit(4); }).join(); }, 4, 0},
    {"exception in a thread", [] { std::thread([] { throw 1; }).join(); }, -1, SIGABRT},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_normal_end_terminates_daemons_then_kills_them_then_joins_all_others) {
  const Subreaper subreaper;
  for (const auto& [how, end, exit_code, signal] : normal_ends) {
    const Gate ready;
    const Gate terminated;
    const Shared<std::atomic<pid_t>> daemon;
    ForkedProgram program([&, &end = end] {
      auto& stubborn = never_destroyed<Process>(ProcessOptions{.daemon = true, .grace = 50ms},
                                                [&] { outlive_sigterm(ready, terminated); });
      // Goes on until the daemon is gone: a parent that joined this one first would wait for ever.
      auto& other = never_destroyed<Process>([&] {
        if (!eventually([&] { return !exists(*daemon); })) ::_exit(1);
        std::cout << "finished\n";
      });
      stubborn.start();
      *daemon = stubborn.pid();
      other.start();
      ready.wait();
      end();
    });
    const auto ended = program.wait();
    BOOST_TEST_CONTEXT(how << ": " << ended.err) {
      BOOST_TEST(ended.exit_code == exit_code);
      BOOST_TEST(ended.signal == signal);
      BOOST_TEST(terminated.is_open());
      BOOST_TEST(ended.out == "finished\n");
      BOOST_TEST(!has_children());  // there is no orphan: the parent has reaped them all
    }
  }
}

BOOST_AUTO_TEST_CASE(the_program_itself_ends_its_children_when_main_returns) {
  const auto ended = run(PROCESS_DRIVER, {"return"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "begun\nmain returns\ndaemon terminated\nother finished\n");
}

BOOST_AUTO_TEST_CASE(a_daemon_that_obeys_sigterm_is_not_killed) {
  const auto ended = run_forked([] {
    const Gate ready;
    auto& daemon = never_destroyed<Process>(
        ProcessOptions{.daemon = true, .grace = std::chrono::milliseconds::max()}, [&] {
          ::signal(SIGTERM, [](int) { std::exit(0); });
          std::atexit([] { std::cout << "tidied up\n"; });
          ready.open();
          while (true) ::pause();
        });
    daemon.start();
    ready.wait();
  });
  BOOST_TEST(ended.out == "tidied up\n");
}

BOOST_AUTO_TEST_CASE(an_uncaught_exception_says_why_the_program_goes_on) {
  const auto ended = run_forked([] {
    never_destroyed<Process>([] { ::usleep(500'000); }).start();  // far longer than a throw takes
    throw std::runtime_error("its text");
  });
  BOOST_TEST(ended.err.find("MainProcess: uncaught exception: its text; waiting for 1 process\n") ==
             0U);
}

BOOST_AUTO_TEST_CASE(a_child_that_ends_does_the_same_for_its_own_children) {
  const Subreaper subreaper;
  const auto ended = run_forked([] {
    Process child([] {
      const Gate ready;
      const Gate terminated;
      auto& daemon = never_destroyed<Process>(ProcessOptions{.daemon = true, .grace = 20ms},
                                              [&] { outlive_sigterm(ready, terminated); });
      auto& other = never_destroyed<Process>([&] {
        terminated.wait();
        std::cout << "grandchild finished\n";
      });
      daemon.start();
      other.start();
      ready.wait();
    });
    child.start();
    child.join();
    std::cout << "child ended\n";
  });
  BOOST_TEST(ended.out == "grandchild finished\nchild ended\n");
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(a_process_forked_behind_the_librarys_back_ends_nobody_elses_children) {
  const Gate go;
  Process daemon({.daemon = true}, [&] { go.wait(); });
  daemon.start();
  BOOST_TEST(run_forked([] {}).exit_code == 0);
  BOOST_TEST(run_forked([] {
               if (!active_children().empty() || this_process::name() != "MainProcess") throw 1;
             }).exit_code == 0);
  BOOST_TEST(daemon.is_alive());
  go.open();
  daemon.join();
  BOOST_TEST(daemon.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(when_a_signal_ends_the_parent_daemons_die_and_others_go_on) {
  const Subreaper subreaper;
  for (const int signal : {SIGKILL, SIGTERM, SIGABRT}) {
    const Echo daemon;
    const Echo other;
    const Echo ending;   // that half of a daemon only
    const Echo staying;  // the other half only
    ForkedProgram program([&] {
      const std::pair<const Echo*, ProcessOptions> all[] = {
          {&daemon, {.daemon = true}},
          {&other, {}},
          {&ending, {.ends_with_parent = true}},
          {&staying, {.daemon = true, .ends_with_parent = false}}};
      for (const auto& [echo, options] : all) {
        never_destroyed<Process>(options, [echo = echo] { echo->run(); }).start();
      }
      while (true) ::pause();
    });
    for (const auto* echo : {&daemon, &other, &ending, &staying}) BOOST_TEST(echo->answers());
    ::kill(program.pid(), signal);
    BOOST_TEST(program.wait().signal == signal);
    BOOST_TEST(was_killed(daemon.pid()));
    BOOST_TEST(was_killed(ending.pid()));
    for (const auto* echo : {&other, &staying}) {
      BOOST_TEST(echo->answers());
      echo->finish();
      BOOST_TEST(raw_status_of(echo->pid()) == 0);
    }
    BOOST_TEST(!has_children());
  }
}

BOOST_AUTO_TEST_CASE(daemons_of_daemons_die_with_the_first_parent) {
  const Subreaper subreaper;
  const Echo inner;
  const Echo outer;
  ForkedProgram program([&] {
    Process daemon({.daemon = true, .may_have_children = true}, [&] {
      Process its_own([&] { inner.run(); });
      its_own.start();
      outer.run();
    });
    daemon.start();
    daemon.join();
  });
  BOOST_TEST(inner.answers());
  BOOST_TEST(outer.answers());
  ::kill(program.pid(), SIGKILL);
  program.wait();
  BOOST_TEST(was_killed(outer.pid()));
  BOOST_TEST(was_killed(inner.pid()));
}

BOOST_AUTO_TEST_CASE(a_daemon_outlives_the_thread_that_started_it_and_dies_with_the_process) {
  const Subreaper subreaper;
  const Echo daemon;
  const Gate thread_has_ended;
  ForkedProgram program([&] {
    Process process({.daemon = true}, [&] { daemon.run(); });
    start_in_a_thread_that_ends(process, [&] { daemon.pid(); });
    thread_has_ended.open();
    process.join();
  });
  thread_has_ended.wait();
  BOOST_TEST(daemon.answers());
  ::kill(program.pid(), SIGKILL);
  program.wait();
  BOOST_TEST(was_killed(daemon.pid()));
}

// The end waits for a child, which waits until the attempt was made.
BOOST_AUTO_TEST_CASE(a_program_that_ends_starts_no_further_process) {
  const Gate attempted;
  const auto ended = run_forked([&attempted] {
    never_destroyed<Process>([&attempted] { attempted.wait(); }).start();
    std::thread([&attempted] {
      const bool refused = eventually([] {
        try {
          never_destroyed<Process>([] {}).start();
          return false;
        } catch (const Error& error) {
          return error.reason() == Reason::program_ends;
        }
      });
      attempted.open();
      if (!refused) ::_exit(50);
    }).detach();
  });
  BOOST_TEST(ended.exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_daemon_of_a_thread_is_terminated_by_a_normal_end_too) {
  const Gate ready;
  const Gate terminated;
  const auto ended = run_forked([&] {
    auto& daemon = never_destroyed<Process>(ProcessOptions{.daemon = true, .grace = 20ms},
                                            [&] { outlive_sigterm(ready, terminated); });
    start_in_a_thread_that_ends(daemon, [&] { ready.wait(); });
  });
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(terminated.is_open());
}
