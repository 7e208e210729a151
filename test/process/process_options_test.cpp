// Names, the daemon flag and its two halves, and what a child inherits of them.
#define BOOST_TEST_MODULE process_options
#include <signal.h>
#include <sys/prctl.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/forked_program.hpp"

using namespace ream;
using namespace ream::test;

namespace {

// What the kernel will send to the calling process when its parent ends; 0 for nothing.
int signal_at_parents_end() {
  int signal = 0;
  ::prctl(PR_GET_PDEATHSIG, &signal);
  return signal;
}

// How it ended, and what became of its own child where it tried to start one.
int exitcode_of(ProcessOptions options, const std::function<int()>& function) {
  Process process(std::move(options), [&] { std::exit(function()); });
  process.start();
  process.join();
  return process.exitcode().value();
}

bool can_start_a_child() {
  try {
    Process child([] {});
    child.start();
    child.join();
    return child.exitcode() == 0;
  } catch (const std::logic_error&) {
    return false;
  }
}

void check(bool holds) {
  if (!holds) std::exit(1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_are_numbered_and_those_of_a_childs_children_begin_with_its_number) {
  const auto ended = run_forked([] {
    Process first([] {});
    Process second([] {
      Process named({.name = "named"}, [] {});
      Process its_second([] {
        std::cout << this_process::name() << '\n';
        std::cout << Process([] {}).name() << '\n';
      });
      its_second.start();
      its_second.join();
    });
    std::cout << first.name() << '\n' << second.name() << '\n';
    second.start();
    second.join();
    std::cout << Process([] {}).name() << '\n';
  });
  // As in Python, one that has a name of its own is counted too.
  BOOST_TEST(ended.out == "Process-1\nProcess-2\nProcess-2:2\nProcess-2:2:1\nProcess-3\n");
}

BOOST_AUTO_TEST_CASE(the_number_stays_where_the_name_changes) {
  const auto ended = run_forked([] {
    Process process([] { std::cout << Process([] {}).name(); });
    process.set_name("renamed");
    process.start();
    process.join();
  });
  BOOST_TEST(ended.out == "Process-1:1");
}

BOOST_AUTO_TEST_CASE(a_name_set_before_the_start_is_the_childs_too) {
  Process process([] { std::exit(this_process::name() == "other" ? 0 : 1); });
  process.set_name("other");
  BOOST_TEST(process.name() == "other");
  process.start();
  process.set_name("later");  // for this process only
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
  BOOST_TEST(process.name() == "later");
}

BOOST_AUTO_TEST_CASE(a_child_may_rename_itself) {
  struct Renamed : Process {
    void run() override {
      set_name("new");
      std::exit(this_process::name() == "new" && name() == "new" ? 0 : 1);
    }
  } process;
  const std::string before = process.name();
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
  BOOST_TEST(process.name() == before);
}

BOOST_AUTO_TEST_CASE(a_process_is_no_daemon_unless_it_is_asked_to_be) {
  Process process([] { std::exit(signal_at_parents_end()); });
  BOOST_TEST(!process.daemon());
  process.start();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(daemon_sets_both_halves) {
  BOOST_TEST(exitcode_of({.daemon = true}, signal_at_parents_end) == SIGKILL);
  BOOST_TEST(exitcode_of({.daemon = true}, can_start_a_child) == 0);
  BOOST_TEST(exitcode_of({.daemon = false}, signal_at_parents_end) == 0);
  BOOST_TEST(exitcode_of({.daemon = false}, can_start_a_child) == 1);
}

BOOST_AUTO_TEST_CASE(each_half_can_be_had_without_the_other) {
  const ProcessOptions ends = {.ends_with_parent = true};
  BOOST_TEST(exitcode_of(ends, signal_at_parents_end) == SIGKILL);
  BOOST_TEST(exitcode_of(ends, can_start_a_child) == 1);
  const ProcessOptions childless = {.may_have_children = false};
  BOOST_TEST(exitcode_of(childless, signal_at_parents_end) == 0);
  BOOST_TEST(exitcode_of(childless, can_start_a_child) == 0);
  BOOST_TEST(exitcode_of({.daemon = true, .may_have_children = true}, can_start_a_child) == 1);
  BOOST_TEST(exitcode_of({.daemon = true, .ends_with_parent = false}, signal_at_parents_end) == 0);
  BOOST_TEST(!Process(ends, [] {}).daemon());
}

BOOST_AUTO_TEST_CASE(set_daemon_sets_both_halves) {
  for (const bool daemon : {true, false}) {
    Process process({.daemon = !daemon}, [daemon] {
      check((signal_at_parents_end() == SIGKILL) == daemon);
      check(can_start_a_child() != daemon);
    });
    process.set_daemon(daemon);
    BOOST_TEST(process.daemon() == daemon);
    process.start();
    process.join();
    BOOST_TEST(process.exitcode().value() == 0);
  }
}

BOOST_AUTO_TEST_CASE(the_children_of_a_daemon_are_daemons) {
  const ProcessOptions parent = {.daemon = true, .may_have_children = true};
  BOOST_TEST(exitcode_of(parent, [] {
               Process child([] { std::exit(signal_at_parents_end()); });
               check(child.daemon());
               check(!Process({.daemon = false}, [] {}).daemon());
               child.start();
               child.join();
               return child.exitcode().value();
             }) == SIGKILL);
}

BOOST_AUTO_TEST_CASE(the_children_of_a_child_that_is_no_daemon_are_none) {
  BOOST_TEST(
      exitcode_of({.ends_with_parent = true}, [] { return Process([] {}).daemon() ? 1 : 0; }) == 0);
}
