// What a child begins with: its memory, descriptors, standard input and signals.
#define BOOST_TEST_MODULE process_child
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

using namespace ream;
using namespace ream::test;

namespace {

int exitcode_of(const std::function<int()>& function) {
  Process process([&] { std::exit(function()); });
  process.start();
  process.join();
  return process.exitcode().value();
}

void do_nothing(int) {}
void do_nothing_either(int, siginfo_t*, void*) {}

// While it lives, `signal` is handled so.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, &before_);
  }
  Disposition(int signal, void (*handler)(int, siginfo_t*, void*)) : signal_(signal) {
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(signal, &action, &before_);
  }
  ~Disposition() { ::sigaction(signal_, &before_, nullptr); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  int signal_;
  struct sigaction before_ {};
};

bool is_default(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_DFL;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

std::string blocked_signals() {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  std::string blocked;
  for (int signal = 1; signal < NSIG; ++signal) blocked += ::sigismember(&mask, signal) ? '1' : '0';
  return blocked;
}

// A pipe that holds this and has no more writers.
int pipe_with(std::string_view text) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0 ||
      ::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    std::abort();
  }
  ::close(ends[1]);
  return ends[0];
}

bool standard_input_is_dev_null() {
  struct stat input {};
  struct stat null {};
  return ::fstat(STDIN_FILENO, &input) == 0 && ::stat("/dev/null", &null) == 0 &&
         S_ISCHR(input.st_mode) && input.st_rdev == null.st_rdev;
}

// Bits of what is not as it should be.
int what_can_be_read() {
  std::string line;
  return (standard_input_is_dev_null() ? 0 : 1) + (std::getchar() == EOF ? 0 : 2) +
         (std::getline(std::cin, line) ? 4 : 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_child_has_its_own_copy_of_memory) {
  int value = 1;
  const Gate changed_by_child;
  const Gate changed_by_parent;
  Process process([&] {
    value += 10;
    changed_by_child.open();
    changed_by_parent.wait();
    std::exit(value);
  });
  process.start();
  changed_by_child.wait();
  BOOST_TEST(value == 1);
  value = 2;
  changed_by_parent.open();
  process.join();
  BOOST_TEST(process.exitcode().value() == 11);
}

BOOST_AUTO_TEST_CASE(standard_input_is_dev_null_whatever_the_parent_has_in_its_buffers) {
  for (const bool synced : {true, false}) {
    const int input = pipe_with("first\nsecond\nthird\n");
    const auto ended = run_forked(
        [synced] {
          std::ios::sync_with_stdio(synced);
          std::string line;
          std::getline(std::cin, line);
          if (!synced && std::getchar() != EOF) std::exit(50);  // cin has it all in its own buffer
          std::cout << exitcode_of(what_can_be_read);
          std::getline(std::cin, line);
          std::cout << line;  // the parent's own is as it was
        },
        input);
    ::close(input);
    BOOST_TEST(ended.out == "0second");
  }
}

BOOST_AUTO_TEST_CASE(a_child_takes_nothing_of_what_its_parent_has_yet_to_read) {
  const int input = pipe_with("first\nsecond\n");
  const auto ended = run_forked(
      [] {
        std::ios::sync_with_stdio(false);
        exitcode_of([] { return 0; });
        std::string line;
        while (std::getline(std::cin, line)) std::cout << line << ' ';
      },
      input);
  ::close(input);
  BOOST_TEST(ended.out == "first second ");
}

BOOST_AUTO_TEST_CASE(standard_input_is_dev_null_although_the_parents_is_closed) {
  const auto ended = run_forked([] {
    ::close(STDIN_FILENO);
    // More than one, so that descriptors of the library stand where standard input was.
    std::vector<Process> several;
    for (int i = 0; i < 3; ++i) {
      several.emplace_back([] { std::exit(what_can_be_read()); });
      several.back().start();
    }
    join_all(several);
    for (const auto& process : several) std::cout << process.exitcode().value();
  });
  BOOST_TEST(ended.out == "000");
}

BOOST_AUTO_TEST_CASE(handlers_of_the_parent_are_back_at_their_default) {
  const Disposition of_int(SIGINT, do_nothing);
  const Disposition of_term(SIGTERM, do_nothing);
  const Disposition of_child(SIGCHLD, do_nothing);
  const Disposition of_user(SIGUSR1, do_nothing_either);
  const Disposition of_last(SIGRTMAX, do_nothing);
  BOOST_TEST(exitcode_of([] {
               for (const int signal : {SIGINT, SIGTERM, SIGCHLD, SIGUSR1, SIGRTMAX}) {
                 if (!is_default(signal)) return signal;
               }
               return 0;
             }) == 0);
  BOOST_TEST(!is_default(SIGINT));
  BOOST_TEST(!is_default(SIGRTMAX));
}

BOOST_AUTO_TEST_CASE(signals_that_the_parent_ignores_stay_ignored) {
  const Disposition of_hup(SIGHUP, SIG_IGN);
  const Disposition of_pipe(SIGPIPE, SIG_IGN);
  BOOST_TEST(exitcode_of([] { return is_ignored(SIGHUP) && is_ignored(SIGPIPE) ? 0 : 1; }) == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_right_after_the_start_never_meets_the_parents_handler) {
  const Disposition of_term(SIGTERM, do_nothing);
  for (int i = 0; i < 100; ++i) {
    Process process([] { ::pause(); });
    process.start();
    process.terminate();
    BOOST_REQUIRE(process.join_for(std::chrono::minutes(1)));
    BOOST_TEST(process.exitcode().value() == -SIGTERM);
  }
}

BOOST_AUTO_TEST_CASE(the_mask_is_that_of_the_thread_that_called_start) {
  const auto mask_of_main = blocked_signals();
  for (const bool daemon : {false, true}) {  // a daemon of a thread is forked by another thread
    std::thread([daemon] {
      sigset_t one;
      ::sigemptyset(&one);
      ::sigaddset(&one, SIGUSR2);
      ::pthread_sigmask(SIG_BLOCK, &one, nullptr);
      const auto mask = blocked_signals();
      Process process({.daemon = daemon}, [&] { std::exit(blocked_signals() == mask ? 0 : 1); });
      process.start();
      process.join();
      BOOST_TEST(process.exitcode().value() == 0);
      BOOST_TEST(blocked_signals() == mask);
    }).join();
  }
  BOOST_TEST(blocked_signals() == mask_of_main);
  BOOST_TEST(exitcode_of([&] { return blocked_signals() == mask_of_main ? 0 : 1; }) == 0);
}

BOOST_AUTO_TEST_CASE(signals_are_set_up_before_any_can_come) {
  struct Ignoring : Process {
    void run() override {
      go.wait();
      std::exit(was_blocked ? 5 : 6);
    }
    void set_up_signals() override {
      was_blocked = blocked_signals().find('0') > 0 && blocked_signals()[SIGTERM - 1] == '1';
      ::signal(SIGTERM, SIG_IGN);
    }
    Gate go;
    bool was_blocked = false;
  };
  for (int i = 0; i < 20; ++i) {
    Ignoring process;
    process.start();
    process.terminate();
    process.go.open();
    process.join();
    BOOST_TEST(process.exitcode().value() == 5);
  }
}

BOOST_AUTO_TEST_CASE(a_child_has_no_descriptor_of_the_library) {
  const auto expected = open_descriptors();
  const Gate go;
  std::vector<Process> others;
  for (int i = 0; i < 10; ++i) {
    others.emplace_back(ProcessOptions{.daemon = i % 2 == 0}, [&] { go.wait(); });
    others.back().start();
  }
  const auto count = [&] { return static_cast<int>(open_descriptors() - expected); };
  BOOST_TEST(exitcode_of(count) == 0);
  BOOST_TEST(exitcode_of([&] { return exitcode_of(count); }) == 0);  // and its own child
  BOOST_TEST(exitcode_of([&] { return exitcode_of([&] { return exitcode_of(count); }); }) == 0);
  go.open();
}

BOOST_AUTO_TEST_CASE(the_parent_holds_one_descriptor_for_each_child) {
  const auto before = open_descriptors();
  const Gate go;
  {
    std::vector<Process> several;
    for (int i = 0; i < 10; ++i) {
      several.emplace_back([&] { go.wait(); });
      several.back().start();
    }
    BOOST_TEST(open_descriptors() == before + 10);
    go.open();
    join_all(several);
  }
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(children_of_the_parent_are_strangers_to_the_child) {
  const Gate go;
  Process sibling([&] { go.wait(); });
  sibling.start();
  BOOST_TEST(exitcode_of([] { return active_children().empty() && !has_children() ? 0 : 1; }) == 0);
  go.open();
}

BOOST_AUTO_TEST_CASE(objects_of_the_parent_that_the_child_destroys_leave_the_processes_alone) {
  const Gate go;
  std::vector<std::unique_ptr<Process>> others;
  for (const bool daemon : {true, false}) {
    others.push_back(
        std::make_unique<Process>(ProcessOptions{.daemon = daemon}, [&] { go.wait(); }));
    others.back()->start();
  }
  BOOST_TEST(exitcode_of([&] {
               others.clear();
               return 3;
             }) == 3);
  for (const auto& process : others) BOOST_TEST(process->is_alive());
  go.open();
  join_all(others);
  for (const auto& process : others) BOOST_TEST(process->exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_leaks_in_the_child) {
#if defined(__SANITIZE_ADDRESS__)
  const auto count_leaks = [] { return __lsan_do_recoverable_leak_check() == 0 ? 0 : 1; };
  Process other([] {});
  other.start();
  BOOST_TEST(exitcode_of(count_leaks) == 0);
  BOOST_TEST(exitcode_of([&] { return exitcode_of(count_leaks); }) == 0);
  // The check can find one at all.
  BOOST_TEST(exitcode_of([&] {
               ::close(STDERR_FILENO);
               for (int i = 0; i < 10; ++i) *std::make_unique<int*>(new int(i)) = nullptr;
               return count_leaks();
             }) == 1);
#else
  BOOST_TEST_MESSAGE("skipped: not built with a sanitizer");
#endif
}
