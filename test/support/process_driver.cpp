// A program that stands on ream::Process, for tests that need a real one: `process_driver WHAT`.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

constexpr int leaked = 3;
constexpr int wrong = 4;
constexpr int most_attempts = 20;

// main returns while a daemon and another child run.
void leave_children_behind() {
  static const Gate ready;
  static const Gate terminated;
  static Process daemon({.daemon = true}, [] {
    ::signal(SIGTERM, [](int) {
      static constexpr std::string_view text = "daemon terminated\n";
      [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
      terminated.open();
      ::_exit(0);
    });
    ready.open();
    while (true) ::pause();
  });
  static Process other([] {
    terminated.wait();
    std::cout << "other finished\n";
  });
  daemon.start();
  other.start();
  ready.wait();
  std::cout << "main returns" << std::endl;
}

// What a caller does who does not give up: the same again where the system refuses.
void insist(const std::function<void()>& action) {
  for (int attempt = 1;; ++attempt) {
    try {
      return action();
    } catch (const std::runtime_error& error) {  // an Error, or a thread's std::system_error
      std::cout << error.what() << '\n';
      if (attempt == most_attempts) throw;
    }
  }
}

void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::cout << "not so: " << what << '\n';
  std::exit(wrong);
}

void run_to_its_end(ProcessOptions options) {
  // Not on the stack: else a thread would fork it itself.
  const auto process = std::make_unique<Process>(std::move(options), [] { std::exit(5); });
  insist([&] { process->start(); });
  insist([&] { process->join(); });
  insist([&] { expect(process->exitcode() == 5, "the exit code is told"); });
}

void run_to_an_exception() {
  Process process([] { throw std::runtime_error("expected"); });
  insist([&] { process.start(); });
  insist([&] { process.join_for(1min); });
  insist([&] { expect(process.error() == "expected", "the exception is told"); });
}

void terminate_one() {
  Process process([] {
    while (true) ::pause();
  });
  insist([&] { process.start(); });
  insist([&] { process.join_for(1ms); });
  insist([&] { process.terminate_or_kill(1min); });
  insist([&] { expect(process.exitcode() == -SIGTERM, "the signal is told"); });
}

void join_several() {
  std::vector<Process> several;
  for (int i = 0; i < 3; ++i) {
    several.emplace_back([] {});
    insist([&] { several.back().start(); });
  }
  insist([&] { join_all(several); });
  insist([&] { expect(active_children().empty(), "no child is active"); });
}

void destroy_two() {
  for (const bool daemon : {false, true}) {
    Process process({.daemon = daemon}, [] {});
    insist([&] { process.start(); });
  }
}

void expect_nothing_left(std::size_t descriptors) {
  // Not by has_children(): its waitid() is what a test of faults lets fail.
  const bool none = ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
  if (!none) std::cout << "a child is left\n";
  if (open_descriptors() != descriptors) std::cout << "descriptors are left\n";
  if (!none || open_descriptors() != descriptors) std::exit(leaked);
}

// One of everything; then nothing may be left of it.
void use_everything() {
  const auto before = open_descriptors();
  run_to_its_end({});
  run_to_its_end({.daemon = true});
  insist([] { std::thread([] { run_to_its_end({.daemon = true}); }).join(); });
  run_to_an_exception();
  terminate_one();
  join_several();
  destroy_two();
  expect_nothing_left(before);
}

// For a slow parent: the child, and its entry with it, is gone before it can be watched. Somebody
// who holds all that it held goes on.
void lose_one() {
  ::signal(SIGCHLD, SIG_IGN);
  const Gate go;
  const auto before = open_descriptors();
  {
    Process process([&] {
      if (::fork() > 0) throw std::runtime_error("expected");
      go.wait();
    });
    insist([&] { process.start(); });
    insist([&] { expect(process.join_for(30s), "it has ended"); });
    insist([&] { expect(process.sentinel() >= 0, "there is something to poll"); });
    insist([&] { expect(process.exit_status() == ExitStatus(Lost{}), "it is lost"); });
    process.kill();
  }
  go.open();
  expect(open_descriptors() == before, "no descriptors are left");
}

// No descriptor is left for a child, however late its parent looks for one.
void start_without_room() {
  Process process([] { std::cout << "the child runs\n"; });
  const int lowest_free = ::dup(STDOUT_FILENO);
  ::close(lowest_free);
  const auto few = static_cast<rlim_t>(lowest_free);
  const rlimit limit{few, few};
  ::setrlimit(RLIMIT_NOFILE, &limit);
  try {
    process.start();
  } catch (const Error& error) {
    std::cout << error.what() << '\n';
  }
  expect(!process.is_alive(), "it was not started");
}

// The parent is gone before its child can ask to be told of that.
[[noreturn]] void die_early() {
  Process daemon({.daemon = true}, [] { std::cout << "the daemon runs\n"; });
  daemon.start();
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count == 2 ? words[1] : "";
  std::cout << "begun" << std::endl;  // before all that this is about
  if (what == "return") {
    leave_children_behind();
  } else if (what == "everything") {
    use_everything();
  } else if (what == "lost") {
    lose_one();
  } else if (what == "full") {
    start_without_room();
  } else if (what == "die") {
    die_early();
  } else {
    return 2;
  }
}
