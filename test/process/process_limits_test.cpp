// A start that the system refuses changes nothing, and may be tried again.
#define BOOST_TEST_MODULE process_limits
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
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

namespace {

// The soft one, or what the hard one allows of it.
void set_limit(__rlimit_resource resource, rlim_t soft) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  limit.rlim_cur = std::min(soft, limit.rlim_max);
  if (::setrlimit(resource, &limit) != 0) std::abort();
}

// Root may have any number of processes.
void become_nobody() {
  constexpr uid_t nobody = 65534;
  if (::getuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0) std::abort();
  ::prctl(PR_SET_DUMPABLE, 1);  // a sanitizer's check for leaks looks into the process
}

void expect(bool holds, std::string_view what) {
  if (!holds) std::cout << "not so: " << what << '\n';
}

void handle_nothing(int) {}

struct Situation {
  std::size_t descriptors = open_descriptors();
  sigset_t mask = [] {
    sigset_t current;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &current);
    return current;
  }();
  struct sigaction of_term = [] {
    struct sigaction current {};
    ::sigaction(SIGTERM, nullptr, &current);
    return current;
  }();
};

void expect_unchanged(const Situation& before, const Process& process) {
  const Situation now;
  expect(now.descriptors == before.descriptors, "descriptors are as before");
  bool same_mask = true;
  for (int signal = 1; signal < NSIG; ++signal) {
    same_mask &= ::sigismember(&now.mask, signal) == ::sigismember(&before.mask, signal);
  }
  expect(same_mask, "the mask is as before");
  expect(now.of_term.sa_handler == before.of_term.sa_handler, "handlers are as before");
  expect(!process.is_alive(), "it is not alive");
  expect(process.pid() == 0, "it has no pid");
  expect(!process.exit_status().has_value(), "it has no status");
  expect(active_children().empty(), "no child is active");
  expect(!has_children(), "there is no child");
}

void expect_refusal(Process& process, int error_number) {
  try {
    process.start();
    expect(false, "start() is refused");
  } catch (const Error& error) {
    expect(error.error_number() == error_number, error.what());
    const bool known =
        error.operation() == Operation::start_process || error.operation() == Operation::open;
    expect(known, "the operation is told");
  }
}

void expect_start(Process& process) {
  process.start();
  process.join();
  expect(process.exitcode() == 5, "it starts once there is room");
}

// start() with no room for one more process, and again with room.
void fail_and_try_again(const ProcessOptions& options) {
  ::signal(SIGTERM, handle_nothing);
  Process process(options, [] { std::exit(5); });
  const Situation before;
  set_limit(RLIMIT_NPROC, 0);
  for (int i = 0; i < 3; ++i) {
    expect_refusal(process, EAGAIN);
    expect_unchanged(before, process);
  }
  set_limit(RLIMIT_NPROC, RLIM_INFINITY);
  expect_start(process);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_fork_that_fails_is_an_error_and_may_be_tried_again) {
  for (const bool daemon : {false, true}) {
    const auto ended = run_forked([daemon] {
      become_nobody();
      fail_and_try_again({.daemon = daemon});
    });
    BOOST_TEST(ended.exit_code == 0, ended.err);
    BOOST_TEST(ended.out == "");
  }
}

BOOST_AUTO_TEST_CASE(a_fork_that_fails_in_a_thread_may_be_tried_again_too) {
  const auto ended = run_forked([] {
    std::thread([] {
      become_nobody();
      fail_and_try_again({.daemon = true});  // there is no thread yet that forks
      fail_and_try_again({.daemon = true});  // there is one, and it cannot
    }).join();
  });
  BOOST_TEST(ended.exit_code == 0, ended.err);
  BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(a_start_without_room_for_descriptors_runs_nothing_and_may_be_tried_again) {
#if defined(__SANITIZE_ADDRESS__)
  // UBSan looks at a vptr through a pipe, and calls it invalid where no descriptor is left for one.
  BOOST_TEST_MESSAGE("skipped: a sanitizer needs descriptors of its own");
#else
  const auto ended = run_forked([] {
    const Gate ran;
    const auto lowest_free = static_cast<rlim_t>(::dup(STDOUT_FILENO));
    ::close(static_cast<int>(lowest_free));
    for (int i = 0; i < 20; ++i) {
      Process process([&] {
        ran.open();
        std::exit(5);
      });
      const Situation before;
      set_limit(RLIMIT_NOFILE, lowest_free);
      expect_refusal(process, EMFILE);
      set_limit(RLIMIT_NOFILE, 100);
      expect_unchanged(before, process);
      expect(!ran.is_open(), "nothing of it ran");
    }
    Process process([] { std::exit(5); });
    expect_start(process);
  });
  BOOST_TEST(ended.exit_code == 0, ended.err);
  BOOST_TEST(ended.out == "");
#endif
}
