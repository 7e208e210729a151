// The end of a ream::Process object, while what it stands for runs.
#define BOOST_TEST_MODULE process_lifetime
#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;
using namespace ream::test;
using namespace std::chrono_literals;

namespace {

const Gate* terminated = nullptr;  // handlers see nothing but statics

// Runs until it is killed; SIGTERM only makes it open the gate.
void outlive_sigterm(const Gate& ready, const Gate& got_sigterm) {
  terminated = &got_sigterm;
  ::signal(SIGTERM, [](int) { terminated->open(); });
  ready.open();
  while (true) ::pause();
}

void end_by_sigterm(const Gate& ready, const Gate& got_sigterm) {
  terminated = &got_sigterm;
  ::signal(SIGTERM, [](int) {
    terminated->open();
    ::_exit(0);
  });
  ready.open();
  while (true) ::pause();
}

// Long enough for somebody who does not wait to be seen.
void finish_late(const Gate& finished) {
  ::usleep(50'000);
  finished.open();
}

const ProcessOptions options_that_end_it[] = {{.daemon = true}, {.ends_with_parent = true}};

}  // namespace

BOOST_AUTO_TEST_CASE(the_destructor_terminates_and_reaps_one_that_ends_with_its_parent) {
  for (const auto& options : options_that_end_it) {
    const Gate ready;
    const Gate got_sigterm;
    pid_t pid = 0;
    {
      auto patient = options;
      patient.grace = 1min;
      Process process(patient, [&] { end_by_sigterm(ready, got_sigterm); });
      process.start();
      ready.wait();
      pid = process.pid();
    }
    BOOST_TEST(got_sigterm.is_open());
    BOOST_TEST(!exists(pid));
    BOOST_TEST(!has_children());
  }
}

BOOST_AUTO_TEST_CASE(the_destructor_kills_after_its_grace_what_sigterm_does_not_end) {
  for (const auto& options : options_that_end_it) {
    const Gate ready;
    const Gate got_sigterm;
    auto impatient = options;
    impatient.grace = 50ms;
    auto process =
        std::make_unique<Process>(impatient, [&] { outlive_sigterm(ready, got_sigterm); });
    process->start();
    ready.wait();
    const auto before = Process::Clock::now();
    process.reset();
    BOOST_TEST((Process::Clock::now() - before >= 50ms));
    BOOST_TEST(got_sigterm.is_open());
    BOOST_TEST(!has_children());
  }
}

BOOST_AUTO_TEST_CASE(the_destructor_of_any_other_joins_it) {
  const ProcessOptions others[] = {{}, {.daemon = true, .ends_with_parent = false}};
  for (const auto& options : others) {
    const Gate finished;
    {
      Process process(options, [&] { finish_late(finished); });
      process.start();
    }
    BOOST_TEST(finished.is_open());
    BOOST_TEST(!has_children());
  }
}

BOOST_AUTO_TEST_CASE(the_destructor_of_a_subclass_joins_it_too) {
  struct Finisher : Process {
    explicit Finisher(const Gate& gate) : finished(gate) {}
    void run() override { finish_late(finished); }
    const Gate& finished;
  };
  const Gate finished;
  std::unique_ptr<Process> process = std::make_unique<Finisher>(finished);
  process->start();
  process.reset();
  BOOST_TEST(finished.is_open());
}

BOOST_AUTO_TEST_CASE(the_destructor_reaps_one_that_has_ended_unseen) {
  const auto before = open_descriptors();
  {
    Process process([] {});
    process.start();
    BOOST_TEST(eventually([&] {
      siginfo_t info{};
      return ::waitid(P_PID, static_cast<id_t>(process.pid()), &info,
                      WEXITED | WNOHANG | WNOWAIT) == 0 &&
             info.si_pid != 0;
    }));
  }
  BOOST_TEST(!has_children());
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(assigning_over_a_running_daemon_terminates_it) {
  const Gate ready;
  const Gate got_sigterm;
  const Gate go;
  Process process({.daemon = true, .grace = 1min}, [&] { end_by_sigterm(ready, got_sigterm); });
  process.start();
  ready.wait();
  const auto pid = process.pid();
  Process other({.name = "other"}, [&] { go.wait(); });
  other.start();
  const auto pid_of_other = other.pid();
  process = std::move(other);
  BOOST_TEST(got_sigterm.is_open());
  BOOST_TEST(!exists(pid));
  BOOST_TEST(process.name() == "other");
  BOOST_TEST(process.pid() == pid_of_other);
  BOOST_TEST(process.is_alive());
  go.open();
}

BOOST_AUTO_TEST_CASE(assigning_over_another_joins_it) {
  const Gate finished;
  Process process([&] { finish_late(finished); });
  process.start();
  process = Process({.name = "other"}, [] {});
  BOOST_TEST(finished.is_open());
  BOOST_TEST(!has_children());
  BOOST_TEST(process.name() == "other");
  BOOST_TEST(!process.is_alive());
  process.start();
  process.join();
}

BOOST_AUTO_TEST_CASE(assigning_to_itself_changes_nothing) {
  const Gate go;
  Process process([&] { go.wait(); });
  process.start();
  auto& same = process;
  process = std::move(same);
  BOOST_TEST(process.is_alive());
  go.open();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_ends_nobody) {
  const Gate go;
  auto process = std::make_unique<Process>(ProcessOptions{.daemon = true}, [&] { go.wait(); });
  process->start();
  Process taken(std::move(*process));
  process.reset();
  BOOST_TEST(taken.is_alive());
  go.open();
  taken.join();
  BOOST_TEST(taken.exitcode().value() == 0);
}
