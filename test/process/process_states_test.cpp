// What can never be right is a std::logic_error that names the process.
#define BOOST_TEST_MODULE process_states
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

constexpr char its_name[] = "the one";

bool is_refused(const std::function<void()>& action) {
  try {
    action();
    return false;
  } catch (const std::logic_error& error) {
    return std::string(error.what()).find(its_name) != std::string::npos;
  }
}

// All that is for the process that started it only.
std::vector<std::function<void()>> parents_actions(Process& process) {
  return {[&] { process.join(); },
          [&] { process.join_for(0ms); },
          [&] { process.join_until(Process::Clock::now()); },
          [&] { process.interrupt(); },
          [&] { process.terminate(); },
          [&] { process.kill(); },
          [&] { process.terminate_or_kill(0ms); },
          [&] { process.sentinel(); }};
}

std::vector<std::function<void()>> questions(Process& process) {
  return {[&] { process.is_alive(); }, [&] { process.pid(); },
          [&] { process.ppid(); },     [&] { process.exitcode(); },
          [&] { process.error(); },    [&] { process.exit_status(); },
          [&] { process.start(); },    [&] { process.set_daemon(true); }};
}

// The number of the first that is not refused, counted from 1; 0 where all are.
int first_allowed(const std::vector<std::function<void()>>& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (!is_refused(actions[i])) return static_cast<int>(i + 1);
  }
  return 0;
}

void end_with(const std::function<int()>& code) {
  std::exit(code());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_process_is_started_once) {
  const Gate go;
  Process process({.name = its_name}, [&] { go.wait(); });
  process.start();
  BOOST_TEST(is_refused([&] { process.start(); }));
  BOOST_TEST(process.is_alive());
  go.open();
  process.join();
  BOOST_TEST(is_refused([&] { process.start(); }));
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_was_not_started_cannot_be_joined_or_signalled_or_watched) {
  Process process({.name = its_name}, [] {});
  BOOST_TEST(first_allowed(parents_actions(process)) == 0);
  BOOST_TEST(!process.is_alive());
  BOOST_TEST(!process.exitcode().has_value());
  BOOST_TEST(!process.exit_status().has_value());
  BOOST_TEST(!process.error().has_value());
}

BOOST_AUTO_TEST_CASE(a_process_cannot_join_or_signal_or_start_or_close_itself) {
  struct Self : Process {
    Self() : Process({.name = its_name}) {}
    void run() override {
      auto actions = parents_actions(*this);
      actions.emplace_back([this] { start(); });
      actions.emplace_back([this] { close(); });
      actions.emplace_back([this] { set_daemon(true); });
      std::exit(first_allowed(actions));
    }
  } process;
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(the_refusal_to_join_itself_says_so) {
  struct Self : Process {
    Self() : Process({.name = its_name}) {}
    void run() override { join(); }
  } process;
  process.start();
  process.join();
  BOOST_TEST(process.error().value() == "process 'the one': cannot join itself");
}

BOOST_AUTO_TEST_CASE(a_process_that_did_not_make_it_can_neither_ask_nor_act) {
  const Gate go;
  Process running({.name = its_name}, [&] { go.wait(); });
  Process fresh({.name = its_name}, [] {});
  running.start();
  const auto all_refused = [](Process& process) {
    auto actions = parents_actions(process);
    const auto asked = questions(process);
    actions.insert(actions.end(), asked.begin(), asked.end());
    actions.emplace_back([&] { process.close(); });
    return first_allowed(actions);
  };
  Process of_running([&] { end_with([&] { return all_refused(running); }); });
  Process of_fresh([&] { end_with([&] { return all_refused(fresh); }); });
  for (Process* other : {&of_running, &of_fresh}) {
    other->start();
    other->join();
    BOOST_TEST(other->exitcode().value() == 0);
  }
  BOOST_TEST(running.is_alive());
  Process knows([&] { std::exit(running.name() == its_name && !running.daemon() ? 0 : 1); });
  knows.start();
  knows.join();
  BOOST_TEST(knows.exitcode().value() == 0);
  go.open();
}

BOOST_AUTO_TEST_CASE(the_refusal_tells_which_process_made_it_and_which_asks) {
  Process process({.name = its_name}, [] {});
  process.start();
  Process other([&] {
    try {
      process.join();
    } catch (const std::logic_error& error) {
      throw std::runtime_error(error.what());  // to be seen by the parent
    }
  });
  other.start();
  other.join();
  BOOST_TEST(other.error().value() ==
             "process 'the one': cannot join: process " + std::to_string(::getpid()) +
                 " made it, this is process " + std::to_string(other.pid()));
}

BOOST_AUTO_TEST_CASE(the_daemon_flag_is_fixed_by_the_start) {
  const Gate go;
  Process process({.name = its_name}, [&] { go.wait(); });
  process.start();
  BOOST_TEST(is_refused([&] { process.set_daemon(true); }));
  BOOST_TEST(!process.daemon());
  go.open();
  process.join();
  BOOST_TEST(is_refused([&] { process.set_daemon(true); }));
}

BOOST_AUTO_TEST_CASE(a_daemon_cannot_start_a_child) {
  Process daemon({.daemon = true}, [] {
    Process child({.name = its_name}, [] {});
    const bool refused = is_refused([&] { child.start(); });
    std::exit(refused && !child.is_alive() && !has_children() ? 0 : 1);
  });
  daemon.start();
  daemon.join();
  BOOST_TEST(daemon.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_runs_cannot_be_closed) {
  const Gate go;
  Process process({.name = its_name}, [&] { go.wait(); });
  process.start();
  BOOST_TEST(is_refused([&] { process.close(); }));
  BOOST_TEST(process.is_alive());
  go.open();
  process.join();
  process.close();
}

BOOST_AUTO_TEST_CASE(a_closed_one_holds_nothing_and_answers_only_to_its_name_and_daemon) {
  const auto before = open_descriptors();
  Process process({.name = its_name, .daemon = true}, [] {});
  process.start();
  BOOST_TEST(open_descriptors() > before);
  process.join();
  process.close();
  process.close();
  BOOST_TEST(open_descriptors() == before);
  BOOST_TEST(process.name() == its_name);
  BOOST_TEST(process.daemon());
  BOOST_TEST(first_allowed(parents_actions(process)) == 0);
  BOOST_TEST(first_allowed(questions(process)) == 0);
  BOOST_TEST(is_refused([&] { process.set_daemon(false); }));
}

BOOST_AUTO_TEST_CASE(closing_lets_go_of_the_target) {
  const auto held = std::make_shared<int>(1);
  Process process([held] {});
  BOOST_TEST(held.use_count() == 2);
  process.close();
  BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(one_that_was_closed_before_its_start_cannot_be_started) {
  Process process({.name = its_name}, [] {});
  process.close();
  BOOST_TEST(is_refused([&] { process.start(); }));
  BOOST_TEST(is_refused([&] { process.join(); }));
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_is_refused_but_can_be_assigned_to) {
  Process process({.name = its_name}, [] {});
  Process taken(std::move(process));
  BOOST_CHECK_THROW(process.start(), std::logic_error);
  BOOST_CHECK_THROW(process.is_alive(), std::logic_error);
  BOOST_CHECK_THROW(process.close(), std::logic_error);
  process = std::move(taken);
  BOOST_TEST(process.name() == its_name);
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}
