// Each system call that ream::Process makes fails once: that is told, or tried again, and nothing
// hangs or leaks. The program that is traced goes on after an error, and counts what is left.
#define BOOST_TEST_MODULE process_faults
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/strace.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

using Words = std::vector<std::string>;

struct Traced {
  Ended ended;
  std::string calls;
};

Traced trace(const std::string& what, const std::string& calls, const Words& faults) {
  const TemporaryDirectory directory;
  const auto file = (directory / "trace").native();
  Words words = {"-f", "-qq", "-o", file, "-e", "signal=none", "-e", "trace=" + calls};
  for (const auto& fault : faults) words.insert(words.end(), {"-e", "inject=" + fault});
  words.insert(words.end(), {PROCESS_DRIVER, what});
  const auto ended = run("strace", words);
  return {ended, directory.read_file("trace")};
}

bool was_injected(const Traced& traced) {
  return traced.calls.find("(INJECTED)") != std::string::npos;
}

void check_survived(const Ended& ended, const std::string& fault) {
  BOOST_TEST(ended.exit_code == 0, fault << ": exit code " << ended.exit_code << ", signal "
                                         << ended.signal << "\n"
                                         << ended.out << ended.err);
}

// How often the start of the program itself makes this call.
int calls_before_main(const std::string& name) {
  const auto all = trace("everything", name + ",write", {}).calls;
  const auto before = all.substr(0, all.find("begun"));
  int count = 0;
  for (auto at = before.find(' ' + name + '('); at != std::string::npos;
       at = before.find(' ' + name + '(', at + 1)) {
    ++count;
  }
  return count;
}

// The first call fails, then only the second, and so on to the last.
void sweep(const std::string& name, const std::string& error,
           const std::string& what = "everything", const std::string& besides = "") {
  const int first = calls_before_main(name) + 1;
  bool told = false;
  int call = first;
  for (;; ++call) {
    const auto fault = name + ":error=" + error + ":when=" + std::to_string(call);
    Words faults = {fault};
    if (!besides.empty()) faults.push_back(besides);
    // Only what is traced can be made to fail, or to be slow.
    const auto traced = trace(what, name + ",pidfd_open", faults);
    if (!was_injected(traced)) break;
    told |= traced.ended.out.find("cannot ") != std::string::npos;
    check_survived(traced.ended, fault);
  }
  BOOST_TEST_CONTEXT(name << ' ' << error) {
    BOOST_TEST(call > first);
    BOOST_TEST(told);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_call_that_fails_is_told_and_may_be_made_again) {
  if (!faults_can_be_made()) return;
  sweep("clone", "EAGAIN");
  sweep("clone3", "EAGAIN");  // the thread that forks
  sweep("pidfd_open", "EMFILE");
  sweep("pidfd_open", "ENOMEM");
  sweep("mmap", "ENOMEM");
  sweep("ppoll", "ENOMEM");
  sweep("waitid", "EINVAL");
}

BOOST_AUTO_TEST_CASE(a_call_that_a_signal_interrupts_is_made_again) {
  if (!faults_can_be_made()) return;
  for (const char* name : {"ppoll", "waitid"}) {
    // All of the odd calls, then all of the even ones: of two in a row the second has to succeed.
    for (const char* when : {"1+2", "2+2"}) {
      const auto fault = std::string(name) + ":error=EINTR:when=" + when;
      const auto traced = trace("everything", name, {fault});
      BOOST_TEST(was_injected(traced), fault);
      check_survived(traced.ended, fault);
      BOOST_TEST(traced.ended.out == "begun\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_daemon_whose_parent_died_before_it_could_ask_to_be_told_does_not_run) {
  if (!faults_can_be_made()) return;
  const auto traced = trace("die", "prctl", {"prctl:delay_enter=300000"});
  BOOST_TEST(traced.calls.find("PR_SET_PDEATHSIG") != std::string::npos, traced.calls);
  BOOST_TEST(traced.ended.out == "begun\n");
}

BOOST_AUTO_TEST_CASE(a_child_for_which_there_is_no_descriptor_never_runs) {
  if (!faults_can_be_made()) return;
  const auto traced = trace("full", "pidfd_open", {"pidfd_open:delay_enter=300000"});
  BOOST_TEST(traced.ended.exit_code == 0);
  BOOST_TEST(traced.ended.out.find("Too many open files") != std::string::npos, traced.ended.out);
  BOOST_TEST(traced.ended.out.find("the child runs") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_child_that_is_gone_before_it_can_be_watched_holds_nothing_up) {
  if (!faults_can_be_made()) return;
  const std::string slow_parent = "pidfd_open:delay_enter=100000";
  const auto traced = trace("lost", "pidfd_open", {slow_parent});
  check_survived(traced.ended, slow_parent);
  BOOST_TEST(traced.calls.find("ESRCH") != std::string::npos, traced.calls);
  sweep("pipe2", "EMFILE", "lost", slow_parent);
}
