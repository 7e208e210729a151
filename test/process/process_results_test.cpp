// How a child ended, as its parent is told.
#define BOOST_TEST_MODULE process_results
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <stdexcept>

#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using namespace ream::test;

namespace {

struct Outcome {
  std::optional<int> exitcode;
  std::optional<ExitStatus> status;
  std::optional<std::string> error;
};

Outcome outcome_of(const std::function<void()>& function) {
  Process process(function);
  process.start();
  process.join();
  return {process.exitcode(), process.exit_status(), process.error()};
}

// What escapes is also printed, which is another test's matter: here it would look like a failure.
void be_quiet() {
  ::close(STDERR_FILENO);
}

void die_by(int signal) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void allow_core_dumps() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  ::setrlimit(RLIMIT_CORE, &unlimited);
}

// In a directory that it leaves.
int raw_status_of_a_dumping_child(int signal) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    allow_core_dumps();
    die_by(signal);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}

class WorkingDirectory {
 public:
  explicit WorkingDirectory(const boost::filesystem::path& path) {
    boost::filesystem::current_path(path);
  }
  ~WorkingDirectory() { boost::filesystem::current_path(before_); }

 private:
  boost::filesystem::path before_ = boost::filesystem::current_path();
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_exitcode_is_0_for_a_return_and_the_code_for_an_exit) {
  BOOST_TEST(outcome_of([] {}).exitcode.value() == 0);
  BOOST_TEST(outcome_of([] { std::exit(0); }).exitcode.value() == 0);
  BOOST_TEST(outcome_of([] { std::exit(7); }).exitcode.value() == 7);
  BOOST_TEST(outcome_of([] { std::exit(-1); }).exitcode.value() == 255);
  BOOST_TEST(outcome_of([] { ::_exit(3); }).exitcode.value() == 3);
}

BOOST_AUTO_TEST_CASE(what_the_function_returns_is_ignored) {
  Process process([] { return 5; });
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(the_exitcode_is_minus_the_signal_that_ended_it) {
  for (const int signal : {SIGTERM, SIGKILL, SIGUSR1, SIGPIPE, SIGRTMIN + 1}) {
    const auto outcome = outcome_of([signal] { die_by(signal); });
    BOOST_TEST(outcome.exitcode.value() == -signal);
    BOOST_TEST((outcome.status == ExitStatus(Signalled{signal, false})));
  }
}

BOOST_AUTO_TEST_CASE(the_status_tells_exits_signals_and_core_dumps_apart) {
  BOOST_TEST((outcome_of([] { std::exit(9); }).status == ExitStatus(Exited{9})));
  BOOST_TEST((outcome_of([] { die_by(9); }).status == ExitStatus(Signalled{9, false})));
  BOOST_TEST((ExitStatus(Signalled{9, false}) != ExitStatus(Signalled{9, true})));
  BOOST_TEST(!ExitStatus(Exited{9}).success());
  BOOST_TEST(!ExitStatus(Lost{}).success());
  BOOST_TEST(outcome_of([] {}).status.value().success());
}

BOOST_AUTO_TEST_CASE(the_status_reads_well) {
  BOOST_TEST(ExitStatus(Exited{3}).to_string() == "exited with 3");
  BOOST_TEST(ExitStatus(Signalled{SIGSEGV, true}).to_string() == "killed by SIGSEGV (core dumped)");
  BOOST_TEST(ExitStatus(Signalled{SIGSEGV, false}).to_string() == "killed by SIGSEGV");
  BOOST_TEST(ExitStatus(Signalled{SIGRTMIN + 1, false}).to_string() ==
             "killed by signal " + std::to_string(SIGRTMIN + 1));
  BOOST_TEST(ExitStatus(Lost{}).to_string() == "ended, its status taken by another wait");
  BOOST_TEST(outcome_of([] { die_by(SIGTERM); }).status.value().to_string() == "killed by SIGTERM");
}

BOOST_AUTO_TEST_CASE(a_core_dump_is_told) {
  const TemporaryDirectory directory;
  const WorkingDirectory here(directory.path());
  if (!WCOREDUMP(raw_status_of_a_dumping_child(SIGQUIT))) {
    BOOST_TEST_MESSAGE("skipped: this machine writes no core dumps here");
    return;
  }
  const auto outcome = outcome_of([] {
    allow_core_dumps();
    die_by(SIGQUIT);
  });
  BOOST_TEST((outcome.status == ExitStatus(Signalled{SIGQUIT, true})));
  BOOST_TEST(outcome.status.value().to_string() == "killed by SIGQUIT (core dumped)");
}

BOOST_AUTO_TEST_CASE(an_exception_that_escapes_is_told) {
  const auto outcome = outcome_of([] {
    be_quiet();
    throw std::runtime_error("its text");
  });
  BOOST_TEST(outcome.exitcode.value() == 1);
  BOOST_TEST(outcome.error.value() == "its text");
}

BOOST_AUTO_TEST_CASE(an_exception_with_an_empty_text_is_told_from_none) {
  const auto outcome = outcome_of([] {
    be_quiet();
    throw std::runtime_error("");
  });
  BOOST_TEST(outcome.error.value() == "");
}

BOOST_AUTO_TEST_CASE(an_exception_of_any_type_is_told) {
  const auto outcome = outcome_of([] {
    be_quiet();
    throw 42;
  });
  BOOST_TEST(outcome.exitcode.value() == 1);
  BOOST_TEST(outcome.error.value() == "unknown exception");
}

BOOST_AUTO_TEST_CASE(a_function_that_ends_its_thread_ends_the_child_well) {
  BOOST_TEST(outcome_of([] { ::pthread_exit(nullptr); }).exitcode.value() == 0);
}

BOOST_AUTO_TEST_CASE(there_is_no_error_where_nothing_escaped) {
  BOOST_TEST(!outcome_of([] {}).error.has_value());
  BOOST_TEST(!outcome_of([] { std::exit(1); }).error.has_value());
  BOOST_TEST(!outcome_of([] { die_by(SIGKILL); }).error.has_value());
  Process running([] { ::pause(); });
  running.start();
  BOOST_TEST(!running.error().has_value());
  running.kill();
}

BOOST_AUTO_TEST_CASE(an_exception_in_what_a_child_forked_is_nobody_elses) {
  Process child([] {
    const pid_t grandchild = ::fork();
    if (grandchild == 0) throw std::runtime_error("expected by the test, of a grandchild");
    ::waitpid(grandchild, nullptr, 0);
  });
  child.start();
  child.join();
  BOOST_TEST(!child.error());
  Process next([] { ::pause(); });
  next.start();
  next.kill();
  next.join();
  BOOST_TEST(!next.error());
}

BOOST_AUTO_TEST_CASE(the_text_of_an_exception_may_have_any_length) {
  for (const std::size_t length : {std::size_t{1000}, std::size_t{1} << 20}) {
    const auto outcome = outcome_of([length] {
      be_quiet();
      throw std::runtime_error(std::string(length, 'x'));
    });
    BOOST_TEST(outcome.exitcode.value() == 1);
    const auto told = outcome.error.value();
    BOOST_TEST(told.size() >= std::min<std::size_t>(length, 4000));
    BOOST_TEST(told.size() <= length);
    BOOST_TEST(told.find_first_not_of('x') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_escaped_exception_is_printed_with_the_name_of_the_process) {
  const auto ended = run_forked([] {
    Process process({.name = "worker"}, [] { throw std::runtime_error("its text"); });
    process.start();
    process.join();
  });
  BOOST_TEST(ended.err == "Process worker: its text\n");
  BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(the_name_that_is_printed_is_the_one_that_the_child_gave_itself) {
  struct Renamed : Process {
    void run() override {
      set_name("new");
      throw std::runtime_error("its text");
    }
  };
  const auto ended = run_forked([] {
    Renamed process;
    process.start();
    process.join();
  });
  BOOST_TEST(ended.err == "Process new: its text\n");
}

BOOST_AUTO_TEST_CASE(an_exception_is_told_although_nobody_reads_what_is_printed) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  const auto outcome = outcome_of([&] {
    ::dup2(ends[1], STDERR_FILENO);
    throw std::runtime_error("its text");
  });
  ::close(ends[1]);
  BOOST_TEST(outcome.exitcode.value() == 1);
  BOOST_TEST(outcome.error.value() == "its text");
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_set_up_of_signals_ends_the_child_as_one_of_run_does) {
  struct Bad : Process {
    void set_up_signals() override { throw std::runtime_error("no signals"); }
  };
  const auto ended = run_forked([] {
    Bad process;
    process.set_name("bad");
    try {
      process.start();
      process.join();
      std::cout << process.exitcode().value() << process.error().value() << '\n';
    } catch (const std::exception&) {
      std::cout << "the child came out of start()\n";
    }
  });
  BOOST_TEST(ended.out == "1no signals\n");
  BOOST_TEST(ended.err == "Process bad: no signals\n");
}
