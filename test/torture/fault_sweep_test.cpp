// Every system call that writing makes fails, at every place where it is made, with every error
// that it can have: the batch is complete, or says what failed and keeps its promise, and no more
// is left than it says.
#define BOOST_TEST_MODULE fault_sweep
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <deque>
#include <memory>
#include <tuple>

#include "support/errors_of_calls.hpp"
#include "support/fault_verdict.hpp"
#include "support/messages_are_seen.hpp"
#include "support/strace.hpp"
#include "support/torture.hpp"

using namespace ream::test;

BOOST_TEST_GLOBAL_FIXTURE(MessagesAreSeen);

namespace {

using Words = std::vector<std::string>;

// To try one more way of writing is to add a line.
std::vector<Mode> modes() {
  using Way = std::tuple<Promise, Before, Words>;
  const std::vector<Way> ways = {
      {Promise::batch, Before::nothing, {"--atomic", "batch"}},
      {Promise::batch, Before::empty, {"--atomic", "batch"}},
      {Promise::batch, Before::old, {"--atomic", "batch", "--if-exists", "replace"}},
      {Promise::file, Before::nothing, {"--atomic", "file"}},
      {Promise::file, Before::old, {"--atomic", "file", "--if-exists", "replace"}},
      {Promise::file, Before::old, {"--atomic", "file", "--if-exists", "update"}},
      {Promise::batch, Before::nothing, {"--atomic", "batch", "--sync", "file"}},
      {Promise::batch,
       Before::old,
       {"--atomic", "batch", "--if-exists", "replace", "--sync", "batch"}},
      {Promise::file, Before::nothing, {"--atomic", "file", "--sync", "file"}},
      {Promise::file, Before::nothing, {"--atomic", "file", "--sync", "batch"}},
      {Promise::file,
       Before::old,
       {"--atomic", "file", "--if-exists", "update", "--sync", "batch"}},
      {Promise::none, Before::nothing, {"--atomic", "none", "--sync", "batch"}},
      {Promise::none, Before::nothing, {"--atomic", "none"}},
      {Promise::none, Before::old, {"--atomic", "none", "--if-exists", "update"}},
  };
  std::vector<Mode> modes;
  for (const char* placement : {"--serial", "-j2"}) {
    for (const auto& [promise, before, words] : ways) {
      modes.push_back({promise, before, words});
      modes.back().options.push_back(placement);
    }
  }
  return modes;
}

// All places of one call with one error.
struct Sweep {
  const Mode* mode;
  std::string call;
  std::string error;
  int first;
  int last;  // as far as a run without a fault goes
};

// What the start of the program makes, before it has anything to do. The one write is its answer.
std::map<std::string, int> calls_at_start() {
  const TemporaryDirectory directory;
  const auto file = (directory / "trace").native();
  run("strace", {"-f", "-qq", "-o", file, REAM_PROGRAM, "--version"});
  auto calls = Trace(directory.read_file("trace")).most_calls();
  calls.erase("write");
  return calls;
}

void expect_known(const std::string& call) {
  const bool known = errors_of_calls().contains(call) || calls_that_do_not_fail().contains(call);
  BOOST_TEST(known, call << ": support/errors_of_calls.hpp does not say what it can fail with");
}

// REAM_FAULT=statx in the environment: that call alone, at all its places.
const char* only_call() {
  return std::getenv("REAM_FAULT");
}

bool is_wanted(const std::string& call) {
  return only_call() == nullptr || call == only_call();
}

bool tries_all() {
  return is_torture() || only_call() != nullptr;
}

std::vector<Sweep> sweeps_of(const Mode& mode, const std::map<std::string, int>& at_start) {
  const auto outcome = FaultAttempt(mode, {}).wait();
  BOOST_TEST(outcome.ended.exit_code == 0, mode.name() << ": " << outcome.ended.err);
  BOOST_TEST(FaultVerdict(mode, outcome).complaints() == Words{}, boost::test_tools::per_element());
  std::vector<Sweep> sweeps;
  for (const auto& [call, count] : outcome.trace.most_calls()) {
    expect_known(call);
    const auto errors = errors_of_calls().find(call);
    if (errors == errors_of_calls().end() || !is_wanted(call)) continue;
    const auto before = at_start.find(call);
    const int first = before == at_start.end() ? 1 : before->second + 1;
    for (const auto& error : errors->second) sweeps.push_back({&mode, call, error, first, count});
  }
  return sweeps;
}

struct Counts {
  int runs = 0;
  int injections = 0;
  int failed_batches = 0;
  int leftovers = 0;
};

// One that runs while another is looked at.
class Pending {
 public:
  Pending(const Mode& mode, const Fault& fault) : mode_(mode), fault_(fault) {
    const Words what = {"--seccomp-bpf", "-e", "trace=" + fault.call, "-e", fault.option()};
    attempt_ = std::make_unique<FaultAttempt>(mode, what);
  }

  // Whether the fault came to pass.
  bool judge(Counts& counts) {
    BOOST_TEST_CONTEXT("strace -f -e " << fault_.option() << " ream write " << mode_.name() << " m "
                                       << mode_.target()) {
      try {
        return look_at(attempt_->wait(), counts);
      } catch (const std::exception& error) {
        BOOST_ERROR(error.what());
      }
    }
    return true;
  }

 private:
  bool look_at(const Outcome& outcome, Counts& counts) {
    FaultVerdict verdict(mode_, outcome);
    for (const auto& complaint : verdict.complaints()) {
      BOOST_ERROR(complaint << "\n" << outcome.ended.err);
    }
    if (verdict.left_anything()) {
      ++counts.leftovers;
      BOOST_TEST(attempt_->left_by_clean() == Words{}, boost::test_tools::per_element());
    }
    ++counts.runs;
    counts.injections += static_cast<int>(outcome.trace.injected().size());
    counts.failed_batches += outcome.ended.exit_code != 0;
    return !outcome.trace.injected().empty();
  }

  const Mode& mode_;
  Fault fault_;
  std::unique_ptr<FaultAttempt> attempt_;
};

// Two at a time.
class Queue {
 public:
  // False where the fault of the one before never came to pass.
  bool add(const Mode& mode, const Fault& fault) {
    pending_.emplace_back(mode, fault);
    return pending_.size() < 2 || finish_first();
  }

  void finish() {
    while (!pending_.empty()) finish_first();
  }

  const Counts& counts() const noexcept { return counts_; }

 private:
  bool finish_first() {
    const bool came_to_pass = pending_.front().judge(counts_);
    pending_.pop_front();
    return came_to_pass;
  }

  std::deque<Pending> pending_;
  Counts counts_;
};

// Which worker makes which call differs from run to run, so a sweep goes on to where nothing fails.
void sweep_all(Queue& queue, const std::vector<Sweep>& sweeps) {
  for (const auto& sweep : sweeps) {
    int when = sweep.first;
    while (queue.add(*sweep.mode, {sweep.call, sweep.error, when}) || when <= sweep.last) ++when;
    queue.finish();
  }
}

// As many as there is time for, spread over all.
void sweep_some(Queue& queue, const std::vector<Sweep>& sweeps, int wanted) {
  int places = 0;
  for (const auto& sweep : sweeps) places += std::max(0, sweep.last - sweep.first + 1);
  const int step = std::max(1, places / wanted);
  int place = 0;
  for (const auto& sweep : sweeps) {
    for (int when = sweep.first; when <= sweep.last; ++when) {
      if (place++ % step == 0) queue.add(*sweep.mode, {sweep.call, sweep.error, when});
    }
  }
  queue.finish();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_batch_with_a_call_that_fails_keeps_its_promise) {
  if (!faults_can_be_made()) return;
  constexpr int quick = 250;
  const auto at_start = calls_at_start();
  const auto all_modes = modes();
  Queue queue;
  std::vector<Sweep> all;
  for (const auto& mode : all_modes) {
    const auto sweeps = sweeps_of(mode, at_start);
    if (tries_all()) sweep_all(queue, sweeps);
    all.insert(all.end(), sweeps.begin(), sweeps.end());
  }
  if (!tries_all()) sweep_some(queue, all, quick);
  const auto& counts = queue.counts();
  BOOST_TEST_MESSAGE(counts.injections << " injections in " << counts.runs
                                       << " runs: " << counts.failed_batches << " batches failed, "
                                       << counts.leftovers << " left something to clean");
  if (only_call() == nullptr) BOOST_TEST(counts.injections > quick_or_torture(quick / 2, 2000));
}
