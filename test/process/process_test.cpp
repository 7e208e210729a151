#define BOOST_TEST_MODULE process
#include "ream/process.hpp"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

struct Adder : Process {
  explicit Adder(int given) : value(given) {}
  void run() override { std::exit(value + 1); }
  int value;
};

// What a child sees of itself through its own Process.
struct SelfSeen : Process {
  struct Seen {
    int pid;
    int ppid;
    int real_pid;
    int real_ppid;
    bool alive;
    bool has_exitcode;
  };
  void run() override {
    *seen = {pid(), ppid(), ::getpid(), ::getppid(), is_alive(), exitcode().has_value()};
  }
  Shared<Seen> seen;
};

int started_and_joined(Process& process) {
  process.start();
  process.join();
  return process.exitcode().value();
}

int started_and_joined(Process&& process) {
  return started_and_joined(process);
}

bool is_readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1 && (polled.revents & POLLIN) != 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_function_runs_with_its_arguments) {
  const auto function = [](int number, const std::string& text) {
    std::exit(number + static_cast<int>(text.size()));
  };
  BOOST_TEST(started_and_joined(Process(function, 2, "x")) == 3);
}

BOOST_AUTO_TEST_CASE(arguments_are_copied_when_the_process_is_made_as_by_std_thread) {
  int value = 1;
  char text[] = "before";
  const auto end_with = [](int number) { std::exit(number); };
  const auto end_with_length = [](const std::string& given) {
    std::exit(static_cast<int>(given.size()));
  };
  Process by_value(end_with, value);
  Process by_reference(end_with, std::ref(value));
  Process of_string(end_with_length, std::string(text));
  Process of_array(end_with_length, text);  // decays to a pointer, to what is there at the start
  value = 2;
  text[1] = '\0';
  BOOST_TEST(started_and_joined(by_value) == 1);
  BOOST_TEST(started_and_joined(by_reference) == 2);
  BOOST_TEST(started_and_joined(of_string) == 6);
  BOOST_TEST(started_and_joined(of_array) == 1);
}

BOOST_AUTO_TEST_CASE(callables_and_arguments_that_can_only_be_moved_are_moved) {
  auto number = std::make_unique<int>(4);
  const auto taker = [](std::unique_ptr<int> taken) { std::exit(*taken); };
  Process of_argument(taker, std::move(number));
  BOOST_TEST(number.get() == nullptr);
  BOOST_TEST(started_and_joined(of_argument) == 4);

  auto holder = [held = std::make_unique<int>(5)] { std::exit(*held); };
  BOOST_TEST(started_and_joined(Process(std::move(holder))) == 5);
}

BOOST_AUTO_TEST_CASE(a_member_function_is_called_on_its_object) {
  struct Counter {
    void end_with(int more) const { std::exit(count + more); }
    int count = 3;
  } counter;
  BOOST_TEST(started_and_joined(Process(&Counter::end_with, &counter, 3)) == 6);
}

BOOST_AUTO_TEST_CASE(a_subclass_overrides_run_and_is_kept_by_a_pointer) {
  static_assert(!std::is_constructible_v<Process, Adder>, "it would lose its run()");
  static_assert(!std::is_assignable_v<Process&, Adder>, "so it would here");
  std::vector<std::unique_ptr<Process>> several;
  for (int i = 0; i < 3; ++i) several.push_back(std::make_unique<Adder>(i));
  for (auto& process : several) process->start();
  int expected = 0;
  for (auto& process : several) {
    process->join();
    BOOST_TEST(process->exitcode().value() == ++expected);
  }
}

BOOST_AUTO_TEST_CASE(a_process_without_target_and_run_does_nothing) {
  BOOST_TEST(started_and_joined(Process()) == 0);
  BOOST_TEST(started_and_joined(Process({.name = "idle"})) == 0);
}

BOOST_AUTO_TEST_CASE(run_called_directly_calls_the_target_in_the_caller) {
  int calls = 0;
  int caller = 0;
  Process process([&] {
    ++calls;
    caller = ::getpid();
  });
  process.run();
  process.run();
  BOOST_TEST(calls == 2);
  BOOST_TEST(caller == ::getpid());
  BOOST_TEST(process.pid() == 0);
  BOOST_TEST(started_and_joined(process) == 0);
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(options_are_the_first_argument) {
  const auto end_with = [](int number) { std::exit(number); };
  Process process({.name = "worker", .daemon = true}, end_with, 6);
  BOOST_TEST(process.name() == "worker");
  BOOST_TEST(process.daemon());
  BOOST_TEST(started_and_joined(process) == 6);
  BOOST_TEST(!Process(end_with, 6).daemon());
}

BOOST_AUTO_TEST_CASE(processes_move_while_they_run_so_a_vector_of_them_works) {
  static_assert(std::is_nothrow_move_constructible_v<Process>);
  static_assert(std::is_nothrow_move_assignable_v<Process>);
  const Gate go;
  std::vector<Process> several;  // which moves them each time it grows
  for (int i = 0; i < 20; ++i) {
    several.emplace_back([&go, i] {
      go.wait();
      std::exit(i);
    });
    several.back().start();
  }
  go.open();
  join_all(several);
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(several[static_cast<std::size_t>(i)].exitcode().value() == i);
  }
  Adder one(7);
  Adder other(std::move(one));
  BOOST_TEST(started_and_joined(other) == 8);
}

BOOST_AUTO_TEST_CASE(a_process_is_alive_from_its_start_to_its_end) {
  const Gate go;
  Process process([&] { go.wait(); });
  BOOST_TEST(!process.is_alive());
  process.start();
  BOOST_TEST(process.is_alive());
  BOOST_TEST(!process.exitcode().has_value());
  go.open();
  BOOST_TEST(eventually([&] { return !process.is_alive(); }));  // without a join
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(join_for_and_join_until_tell_whether_it_has_ended) {
  const Gate go;
  Process process([&] { go.wait(); });
  process.start();
  const auto before = Process::Clock::now();
  BOOST_TEST(!process.join_for(20ms));
  BOOST_TEST((Process::Clock::now() - before >= 20ms));
  BOOST_TEST(!process.join_until(Process::Clock::now() + 20ms));
  BOOST_TEST((Process::Clock::now() - before >= 40ms));
  BOOST_TEST(!process.join_until(Process::Clock::time_point::min()));
  go.open();
  BOOST_TEST(process.join_for(1min));
  BOOST_TEST(process.join_until(Process::Clock::time_point::min()));
  process.join();  // again: it returns at once
}

BOOST_AUTO_TEST_CASE(join_for_takes_any_duration) {
  Process waiting([] { ::pause(); });
  waiting.start();
  BOOST_TEST(!waiting.join_for(-1s));
  BOOST_TEST(!waiting.join_for(std::chrono::hours::min()));
  BOOST_TEST(!waiting.join_for(std::chrono::duration<float, std::milli>(0.5F)));
  waiting.kill();
  BOOST_TEST(waiting.join_for(std::chrono::hours::max()));
  BOOST_TEST(waiting.join_for(std::chrono::nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(interrupt_terminate_and_kill_send_their_signals) {
  const std::pair<void (Process::*)(), int> ways[] = {
      {&Process::interrupt, SIGINT}, {&Process::terminate, SIGTERM}, {&Process::kill, SIGKILL}};
  for (const auto& [send, signal] : ways) {
    Process process([] { ::pause(); });
    process.start();
    (process.*send)();
    process.join();
    BOOST_TEST(process.exitcode().value() == -signal);
    (process.*send)();  // nothing happens to one that has ended
    BOOST_TEST(process.exitcode().value() == -signal);
  }
}

BOOST_AUTO_TEST_CASE(terminate_or_kill_kills_only_what_sigterm_does_not_end) {
  Process obedient([] { ::pause(); });
  obedient.start();
  BOOST_TEST(obedient.terminate_or_kill(1min));
  BOOST_TEST(obedient.exitcode().value() == -SIGTERM);

  const Gate ready;
  Process stubborn([&] {
    ::signal(SIGTERM, SIG_IGN);
    ready.open();
    while (true) ::pause();
  });
  stubborn.start();
  ready.wait();
  const auto before = Process::Clock::now();
  BOOST_TEST(!stubborn.terminate_or_kill(30ms));
  BOOST_TEST((Process::Clock::now() - before >= 30ms));
  BOOST_TEST(stubborn.exitcode().value() == -SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_grace_may_be_endless) {
  Process process({.grace = std::chrono::milliseconds::max()}, [] { ::pause(); });
  process.start();
  BOOST_TEST(process.terminate_or_kill(std::chrono::milliseconds::max()));
  BOOST_TEST(process.exitcode().value() == -SIGTERM);
}

BOOST_AUTO_TEST_CASE(pid_and_ppid_are_the_childs_on_both_sides) {
  SelfSeen process;
  BOOST_TEST(process.pid() == 0);
  BOOST_TEST(process.ppid() == 0);
  process.start();
  process.join();
  const auto& seen = *process.seen;
  BOOST_TEST(seen.real_pid != ::getpid());
  BOOST_TEST(seen.pid == seen.real_pid);
  BOOST_TEST(process.pid() == seen.real_pid);
  BOOST_TEST(seen.real_ppid == ::getpid());
  BOOST_TEST(seen.ppid == ::getpid());
  BOOST_TEST(process.ppid() == ::getpid());
  BOOST_TEST(seen.alive);
  BOOST_TEST(!seen.has_exitcode);
}

BOOST_AUTO_TEST_CASE(the_sentinel_is_readable_once_the_child_has_ended) {
  const Gate go;
  Process process([&] { go.wait(); });
  process.start();
  const int sentinel = process.sentinel();
  BOOST_TEST(!is_readable(sentinel));
  go.open();
  BOOST_TEST(eventually([&] { return is_readable(sentinel); }));
  BOOST_TEST(!process.is_alive());
  BOOST_TEST(process.sentinel() == sentinel);  // good until close(), and readable for whoever asks
  BOOST_TEST(is_readable(sentinel));
}

BOOST_AUTO_TEST_CASE(active_children_are_those_that_run_in_the_order_of_their_start) {
  const Gate go;
  Process first({.name = "first", .daemon = true}, [&] { go.wait(); });
  Process second({.name = "second"}, [] { ::pause(); });
  Process not_started([] {});
  second.start();
  first.start();
  auto children = active_children();
  BOOST_REQUIRE(children.size() == 2U);
  BOOST_TEST(children[0].name == "second");
  BOOST_TEST(children[0].pid == second.pid());
  BOOST_TEST(!children[0].daemon);
  BOOST_TEST(children[1].name == "first");
  BOOST_TEST(children[1].daemon);
  second.kill();
  BOOST_TEST(eventually([] { return active_children().size() == 1; }));
  BOOST_TEST(active_children()[0].name == "first");
  go.open();
  BOOST_TEST(eventually([] { return active_children().empty(); }));
  BOOST_TEST(!has_children());  // asking reaps them
  BOOST_TEST(second.exitcode().value() == -SIGKILL);
}

BOOST_AUTO_TEST_CASE(this_process_has_a_name_and_a_parent) {
  BOOST_TEST(this_process::name() == "MainProcess");
  BOOST_TEST(this_process::parent_pid() == ::getppid());
  BOOST_TEST(this_process::pid() == ::getpid());
  Process child({.name = "child"}, [parent = ::getpid()] {
    const bool no_children = active_children().empty();
    const bool known = this_process::name() == "child" && this_process::parent_pid() == parent;
    std::exit(known && no_children ? 0 : 1);
  });
  BOOST_TEST(started_and_joined(child) == 0);
}

BOOST_AUTO_TEST_CASE(cpu_count_is_what_this_process_may_use) {
  BOOST_TEST(cpu_count() >= 1U);
  BOOST_TEST(cpu_count() <= std::thread::hardware_concurrency());
  Process confined([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    std::exit(::sched_setaffinity(0, sizeof one, &one) == 0 ? static_cast<int>(cpu_count()) : 100);
  });
  BOOST_TEST(started_and_joined(confined) == 1);
}
