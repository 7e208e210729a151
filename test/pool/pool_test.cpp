#define BOOST_TEST_MODULE pool
#include "ream/pool.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <set>
#include <stdexcept>
#include <thread>

#include "os/clock.hpp"
#include "os/process.hpp"
#include "os/shared_memory.hpp"
#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"

using namespace ream;

namespace pool_test {

const auto all_placements = {Placement::in_process, Placement::pooled, Placement::process_per_job};
const auto forking_placements = {Placement::pooled, Placement::process_per_job};

PoolOptions options_for(Placement placement, unsigned workers = 3) {
  PoolOptions options;
  options.placement = placement;
  options.workers = workers;
  return options;
}

// Counters that outlive the workers that add to them.
class SharedCounters {
 public:
  explicit SharedCounters(std::size_t count) : memory_(count * sizeof(std::atomic<int>)) {}
  std::atomic<int>& operator[](std::size_t i) {
    return reinterpret_cast<std::atomic<int>*>(memory_.data())[i];
  }

 private:
  os::SharedMemory memory_;
};

[[noreturn]] void die_by(int signal) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  std::abort();
}

template <class Run>
std::uint64_t count_state(const Run& run, JobState state) {
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < run.size(); ++i) count += run.state(i) == state;
  return count;
}

}  // namespace pool_test

using namespace pool_test;
using ream::test::Gate;
using ream::test::has_children;
using ream::test::open_descriptors;
using ream::test::Shared;

namespace ream {
std::ostream& operator<<(std::ostream& out, Placement placement) {
  return out << static_cast<int>(placement);
}
std::ostream& operator<<(std::ostream& out, JobState state) {
  return out << static_cast<int>(state);
}
std::ostream& operator<<(std::ostream& out, const ExitStatus& status) {
  return out << status.to_string();
}
}  // namespace ream

BOOST_DATA_TEST_CASE(every_index_runs_once_and_its_result_comes_back, all_placements, placement) {
  constexpr std::uint64_t count = 300;
  SharedCounters runs(count);
  const auto run = run_jobs<std::uint64_t>(
      count,
      [&](std::uint64_t index, Job<std::uint64_t>& job) {
        ++runs[index];
        job.result() = index * index;
        job.add_units(2);
      },
      {}, options_for(placement));
  for (std::uint64_t i = 0; i < count; ++i) {
    BOOST_TEST(runs[i] == 1);
    BOOST_TEST(run.state(i) == JobState::done);
    BOOST_TEST(run.result(i) == i * i);
  }
  std::uint64_t jobs = 0;
  std::uint64_t units = 0;
  for (const auto& worker : run.workers()) {
    BOOST_TEST(worker.status == ExitStatus(Exited{0}));
    jobs += worker.jobs;
    units += worker.units;
  }
  BOOST_TEST(jobs == count);
  BOOST_TEST(units == 2 * count);
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(in_process_runs_in_the_caller_and_the_others_do_not) {
  int here = 0;
  const auto count_here = [&](std::uint64_t, Job<int>&) { ++here; };
  run_jobs<int>(10, count_here, {}, options_for(Placement::in_process));
  BOOST_TEST(here == 10);
  run_jobs<int>(10, count_here, {}, options_for(Placement::pooled));
  run_jobs<int>(10, count_here, {}, options_for(Placement::process_per_job));
  BOOST_TEST(here == 10);
}

BOOST_AUTO_TEST_CASE(process_per_job_gives_each_job_a_process_of_its_own) {
  const auto run = run_jobs<int>(
      50, [](std::uint64_t, Job<int>& job) { job.result() = ::getpid(); }, {},
      options_for(Placement::process_per_job));
  std::set<int> pids;
  for (std::uint64_t i = 0; i < run.size(); ++i) pids.insert(run.result(i));
  BOOST_TEST(pids.size() == 50U);
}

BOOST_AUTO_TEST_CASE(never_more_jobs_at_once_than_workers) {
  for (const auto placement : forking_placements) {
    SharedCounters counters(2);  // running now, most at once
    run_jobs<int>(
        40,
        [&](std::uint64_t, Job<int>&) {
          const int running = ++counters[0];
          int most = counters[1];
          while (running > most && !counters[1].compare_exchange_weak(most, running)) {
          }
          os::sleep_milliseconds(2);
          --counters[0];
        },
        {}, options_for(placement, 3));
    BOOST_TEST(counters[1] <= 3);
    BOOST_TEST(counters[1] >= 2);
  }
}

BOOST_DATA_TEST_CASE(no_jobs_are_no_work, all_placements, placement) {
  const auto run = run_jobs<int>(
      0, [](std::uint64_t, Job<int>&) { BOOST_FAIL("there is no job"); }, {},
      options_for(placement));
  BOOST_TEST(run.size() == 0U);
}

BOOST_DATA_TEST_CASE(the_first_failure_stops_the_run_and_leaves_its_text, all_placements,
                     placement) {
  const auto run = run_jobs<int>(
      1000,
      [](std::uint64_t index, Job<int>& job) {
        job.result() = 7;
        if (index == 5) throw std::runtime_error("five is bad");
      },
      {}, options_for(placement, 1));
  BOOST_TEST(run.state(5) == JobState::failed);
  BOOST_TEST(run.result(5) == 7);
  BOOST_TEST(count_state(run, JobState::done) == 5U);
  BOOST_TEST(count_state(run, JobState::untouched) == 994U);
  BOOST_REQUIRE(run.texts().size() == 1U);
  BOOST_TEST(run.texts()[0].first == 5U);
  BOOST_TEST(run.texts()[0].second == "five is bad");
}

BOOST_DATA_TEST_CASE(keep_going_does_all_the_others, all_placements, placement) {
  auto options = options_for(placement);
  options.keep_going = true;
  const auto run = run_jobs<int>(
      100,
      [](std::uint64_t index, Job<int>&) {
        if (index % 10 == 3) throw index;  // not even a std::exception
      },
      {}, options);
  BOOST_TEST(count_state(run, JobState::failed) == 10U);
  BOOST_TEST(count_state(run, JobState::done) == 90U);
}

BOOST_DATA_TEST_CASE(a_job_that_kills_its_worker_once_is_done_by_another, forking_placements,
                     placement) {
  SharedCounters tries(200);
  const auto run = run_jobs<int>(
      200,
      [&](std::uint64_t index, Job<int>& job) {
        if (++tries[index] == 1 && index % 20 == 7) die_by(SIGKILL);
        job.result() = 1;
      },
      {}, options_for(placement));
  BOOST_TEST(count_state(run, JobState::done) == 200U);
  for (std::uint64_t i = 0; i < 200; ++i) BOOST_TEST(tries[i] == (i % 20 == 7 ? 2 : 1));
  BOOST_TEST(run.killers().empty());
  BOOST_TEST(!has_children());
}

BOOST_DATA_TEST_CASE(a_job_that_kills_two_workers_fails_by_the_signal_and_the_rest_is_done,
                     forking_placements, placement) {
  const auto options = options_for(placement);  // keep_going is not needed for that
  SharedCounters tries(100);
  const auto run = run_jobs<int>(
      100,
      [&](std::uint64_t index, Job<int>&) {
        ++tries[index];
        if (index == 42) die_by(SIGSEGV);
        if (index == 50) ::_exit(3);
      },
      {}, options);
  BOOST_TEST(run.state(42) == JobState::failed);
  BOOST_TEST(run.state(50) == JobState::failed);
  BOOST_TEST(count_state(run, JobState::done) == 98U);
  BOOST_TEST(tries[42] == 2);
  BOOST_TEST(tries[50] == 2);
  BOOST_REQUIRE(run.killers().size() == 2U);
  for (const auto& [index, status] : run.killers()) {
    BOOST_TEST(status ==
               (index == 42 ? ExitStatus(Signalled{SIGSEGV, false}) : ExitStatus(Exited{3})));
  }
}

BOOST_AUTO_TEST_CASE(many_jobs_that_kill_do_not_stop_the_others) {
  auto options = options_for(Placement::pooled, 2);
  options.keep_going = true;
  const auto run = run_jobs<int>(
      300,
      [](std::uint64_t index, Job<int>&) {
        if (index % 6 == 0) die_by(SIGABRT);
      },
      {}, options);
  BOOST_TEST(count_state(run, JobState::failed) == 50U);
  BOOST_TEST(count_state(run, JobState::done) == 250U);
}

BOOST_DATA_TEST_CASE(what_a_dead_worker_had_in_hand_is_undone_before_it_is_done_again,
                     forking_placements, placement) {
  SharedCounters tries(60);
  std::vector<std::pair<std::uint64_t, JobState>> undone;
  const auto run = run_jobs<int>(
      60,
      [&](std::uint64_t index, Job<int>& job) {
        const bool first = ++tries[index] == 1;
        job.creating();
        if (index == 10 && first) die_by(SIGKILL);
        job.created();
        if (index == 20 && first) die_by(SIGKILL);
      },
      [&](std::uint64_t index, JobState state) {
        undone.emplace_back(index, state);
        BOOST_TEST(!has_children());  // nobody is left who could still be at it
        return Undone::redo;
      },
      options_for(placement));
  std::sort(undone.begin(), undone.end());
  const std::vector<std::pair<std::uint64_t, JobState>> expected = {{10, JobState::creating},
                                                                    {20, JobState::created}};
  BOOST_TEST((undone == expected));
  BOOST_TEST(count_state(run, JobState::done) == 60U);
}

BOOST_AUTO_TEST_CASE(what_undo_finds_complete_is_not_done_again) {
  SharedCounters tries(20);
  const auto run = run_jobs<int>(
      20,
      [&](std::uint64_t index, Job<int>& job) {
        ++tries[index];
        job.creating();
        if (index == 4) die_by(SIGKILL);
      },
      [](std::uint64_t, JobState) { return Undone::done; }, options_for(Placement::pooled));
  BOOST_TEST(run.state(4) == JobState::done);
  BOOST_TEST(tries[4] == 1);
}

BOOST_AUTO_TEST_CASE(an_undo_that_fails_fails_its_job_with_the_reason) {
  auto options = options_for(Placement::pooled);
  options.keep_going = true;
  const auto run = run_jobs<int>(
      20,
      [&](std::uint64_t index, Job<int>& job) {
        job.creating();
        if (index == 4) die_by(SIGKILL);
      },
      [](std::uint64_t, JobState) -> Undone { throw std::runtime_error("cannot undo"); }, options);
  BOOST_TEST(run.state(4) == JobState::failed);
  BOOST_REQUIRE(run.texts().size() == 1U);
  BOOST_TEST(run.texts()[0].second == "cannot undo");
  BOOST_TEST(count_state(run, JobState::done) == 19U);
}

BOOST_AUTO_TEST_CASE(
    a_killed_worker_of_process_per_job_takes_its_job_along_before_the_job_is_redone) {
  SharedCounters state(2);  // of job 0: tries, running now
  const auto run = run_jobs<int>(
      8,
      [&](std::uint64_t index, Job<int>& job) {
        if (index != 0) return;
        BOOST_TEST(++state[1] == 1);
        job.creating();
        if (++state[0] == 1) {
          ::kill(::getppid(), SIGKILL);  // the worker, not this process
          os::sleep_milliseconds(2000);  // until its end takes this process along
        }
        --state[1];
      },
      [&](std::uint64_t, JobState) {
        state[1] = 0;
        return Undone::redo;
      },
      options_for(Placement::process_per_job, 2));
  BOOST_TEST(count_state(run, JobState::done) == 8U);
  BOOST_TEST(state[0] == 2);
}

BOOST_DATA_TEST_CASE(a_process_that_a_job_starts_and_leaves_holds_nobody_up, forking_placements,
                     placement) {
  const Gate go;
  const Shared<std::atomic<int>> tries;
  const auto run = run_jobs<int>(
      1,
      [&](std::uint64_t, Job<int>&) {
        if (++*tries != 1) return;
        Process left_behind({.daemon = false}, [&] { go.wait(); });
        left_behind.start();
        if (placement == Placement::process_per_job) ::kill(::getppid(), SIGKILL);
        die_by(SIGKILL);
      },
      {}, options_for(placement, 1));
  BOOST_TEST(!go.is_open());
  go.open();
  BOOST_TEST(count_state(run, JobState::done) == 1U);
  BOOST_TEST(*tries == 2);
}

BOOST_DATA_TEST_CASE(a_process_that_a_job_starts_has_no_descriptor_of_the_library,
                     forking_placements, placement) {
  const auto outside = open_descriptors();
  auto options = options_for(placement, 3);
  options.stop_signals = {SIGUSR1};
  const auto run = run_jobs<std::size_t>(
      20,
      [&](std::uint64_t, Job<std::size_t>& job) {
        const Shared<std::atomic<std::size_t>> seen;
        Process process([&] { *seen = open_descriptors(); });
        process.start();
        process.join();
        job.result() = *seen;
      },
      {}, options);
  for (std::uint64_t i = 0; i < run.size(); ++i) BOOST_TEST(run.result(i) == outside);
}

BOOST_AUTO_TEST_CASE(jobs_that_kill_every_worker_leave_nothing_running) {
  const auto run = run_jobs<int>(
      10, [](std::uint64_t, Job<int>&) { die_by(SIGKILL); }, {}, options_for(Placement::pooled, 2));
  BOOST_TEST(count_state(run, JobState::done) == 0U);
  BOOST_TEST(!has_children());
}

BOOST_DATA_TEST_CASE(a_job_that_leaves_by_exit_0_is_no_success, forking_placements, placement) {
  SharedCounters tries(100);
  const auto run = run_jobs<int>(
      100,
      [&](std::uint64_t index, Job<int>&) {
        if (index == 5) ::_exit(0);
        if (index == 50 && ++tries[50] == 1) ::_exit(0);
      },
      {}, options_for(placement));
  BOOST_TEST(run.state(5) == JobState::failed);
  BOOST_TEST(run.state(50) == JobState::done);
  BOOST_TEST(count_state(run, JobState::done) == 99U);
  BOOST_REQUIRE(run.killers().size() == 1U);
  BOOST_TEST(run.killers()[0].second == ExitStatus(Exited{0}));
}

BOOST_AUTO_TEST_CASE(more_workers_than_descriptors_leave_the_batch_to_those_that_could_be_started) {
#ifdef __SANITIZE_ADDRESS__
  // UBSan looks at a vptr through a pipe, and calls it invalid where no descriptor is left for one.
  BOOST_TEST_MESSAGE("skipped: a sanitizer needs descriptors of its own");
  return;
#else
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{40, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  std::uint64_t most_open = 0;
  const auto run = run_jobs<std::uint64_t>(
      2000, [](std::uint64_t, Job<std::uint64_t>& job) { job.result() = open_descriptors(); }, {},
      options_for(Placement::pooled, 100));
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_TEST(count_state(run, JobState::done) == 2000U);
  BOOST_TEST(run.workers().size() < 100U);
  BOOST_TEST(run.workers().size() > 5U);
  for (std::uint64_t i = 0; i < run.size(); ++i) most_open = std::max(most_open, run.result(i));
  BOOST_TEST(most_open <= open_descriptors() + 4);  // a worker does not keep the others' pidfds
#endif
}

BOOST_AUTO_TEST_CASE(a_driver_that_throws_leaves_no_worker_and_nothing_half_done) {
  auto options = options_for(Placement::pooled, 2);
  options.progress_interval = std::chrono::milliseconds(1);
  SharedCounters begun(1);
  options.on_progress = [&](const PoolProgress&) {
    if (begun[0] == 2) throw std::runtime_error("enough");
  };
  int undone = 0;
  const auto run = [&] {
    run_jobs<int>(
        2,
        [&](std::uint64_t, Job<int>& job) {
          job.creating();
          ++begun[0];
          os::sleep_milliseconds(30'000);
        },
        [&](std::uint64_t, JobState) {
          ++undone;
          return Undone::redo;
        },
        options);
  };
  BOOST_CHECK_THROW(run(), std::runtime_error);
  BOOST_TEST(!has_children());
  BOOST_TEST(undone == 2);
}

BOOST_AUTO_TEST_CASE(descriptors_and_children_are_as_before_after_many_runs) {
  run_jobs<int>(1, [](std::uint64_t, Job<int>&) {});  // what the first run makes for good
  const auto before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    for (const auto placement : forking_placements) {
      SharedCounters tries(1);
      run_jobs<int>(
          6,
          [&](std::uint64_t index, Job<int>&) {
            if (index == 3 && ++tries[0] == 1) die_by(SIGKILL);
          },
          {}, options_for(placement));
    }
  }
  BOOST_TEST(open_descriptors() == before);
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(a_fork_that_fails_is_an_error_where_it_leaves_no_worker) {
  if (::geteuid() == 0) {
    // The limit does not bind root: the test runs as another user, in a child.
    Process user([] {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) std::exit(9);
      const rlimit none{0, 0};
      ::setrlimit(RLIMIT_NPROC, &none);
      try {
        run_jobs<int>(5, [](std::uint64_t, Job<int>&) {});
        std::exit(1);
      } catch (const Error& error) {
        const bool no_room =
            error.error_number() == EAGAIN && error.operation() == Operation::start_process;
        std::exit(no_room ? 0 : 2);
      }
    });
    user.start();
    user.join();
    BOOST_TEST(user.exitcode().value() == 0);
  } else {
    BOOST_TEST_MESSAGE("skipped: needs root to become another user");
  }
}

BOOST_AUTO_TEST_CASE(a_stop_signal_ends_the_run_after_the_jobs_in_hand) {
  for (const auto placement : all_placements) {
    auto options = options_for(placement, 2);
    options.stop_signals = {SIGUSR1};
    const pid_t driver = ::getpid();
    const auto run = run_jobs<int>(
        10'000,
        [&](std::uint64_t index, Job<int>& job) {
          if (index == 20) ::kill(driver, SIGUSR1);
          os::sleep_milliseconds(1);
          job.result() = 1;
        },
        {}, options);
    BOOST_TEST((run.stopped_by() == SIGUSR1));
    const auto done = count_state(run, JobState::done);
    BOOST_TEST(done >= 20U);
    BOOST_TEST(done < 10'000U);
    BOOST_TEST(count_state(run, JobState::untouched) == 10'000U - done);
    for (std::uint64_t i = 0; i < run.size(); ++i) {
      BOOST_REQUIRE((run.state(i) == JobState::done) == (run.result(i) == 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_second_stop_signal_kills_the_workers) {
  auto options = options_for(Placement::pooled, 2);
  options.stop_signals = {SIGUSR1};
  const pid_t driver = ::getpid();
  int undone = 0;
  SharedCounters begun(1);
  const auto run = run_jobs<int>(
      2,
      [&](std::uint64_t index, Job<int>& job) {
        job.creating();
        ++begun[0];
        if (index == 0) {
          while (begun[0] < 2) os::sleep_milliseconds(1);
          ::kill(driver, SIGUSR1);
          os::sleep_milliseconds(50);
          ::kill(driver, SIGUSR1);
        }
        os::sleep_milliseconds(30'000);
      },
      [&](std::uint64_t, JobState) {
        ++undone;
        return Undone::redo;
      },
      options);
  BOOST_TEST((run.stopped_by() == SIGUSR1));
  BOOST_TEST(undone == 2);
  BOOST_TEST(count_state(run, JobState::untouched) == 2U);
}

BOOST_AUTO_TEST_CASE(workers_ignore_the_signals_that_the_terminal_sends_to_all) {
  auto options = options_for(Placement::pooled, 2);
  options.stop_signals = {SIGUSR2};
  const auto run = run_jobs<int>(
      4,
      [](std::uint64_t, Job<int>& job) {
        for (const int signal : {SIGINT, SIGTERM, SIGUSR2}) ::raise(signal);
        job.result() = 1;
      },
      {}, options);
  BOOST_TEST(count_state(run, JobState::done) == 4U);
}

BOOST_AUTO_TEST_CASE(workers_end_with_their_driver) {
  SharedCounters pids(2);
  Process driver([&] {
    run_jobs<int>(
        2,
        [&](std::uint64_t index, Job<int>&) {
          pids[index] = ::getpid();
          os::sleep_milliseconds(60'000);
        },
        {}, options_for(Placement::pooled, 2));
  });
  driver.start();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // the orphans come here, and can be waited for
  while (pids[0] == 0 || pids[1] == 0) os::sleep_milliseconds(1);
  driver.kill();
  driver.join();
  for (std::size_t i = 0; i < 2; ++i) {
    int status = 0;
    BOOST_TEST(::waitpid(pids[i].load(), &status, 0) == pids[i].load());
    BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

BOOST_AUTO_TEST_CASE(progress_is_told_while_it_runs_and_at_the_end) {
  auto options = options_for(Placement::pooled, 2);
  options.progress_interval = std::chrono::milliseconds(5);
  std::vector<PoolProgress> seen;
  options.on_progress = [&](const PoolProgress& progress) { seen.push_back(progress); };
  run_jobs<int>(
      40,
      [](std::uint64_t, Job<int>& job) {
        os::sleep_milliseconds(2);
        job.add_units(3);
      },
      {}, options);
  BOOST_REQUIRE(seen.size() >= 3U);
  BOOST_TEST(seen.back().jobs_ended == 40U);
  BOOST_TEST(seen.back().units == 120U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    BOOST_TEST(seen[i].jobs_ended >= seen[i - 1].jobs_ended);
  }
}

// Places that are no atomics: an increment is lost where a lane has two writers at a time.
BOOST_DATA_TEST_CASE(each_lane_has_one_worker_at_a_time, all_placements, placement) {
  const auto options = options_for(placement, 3);
  const auto lanes = lanes_of(300, options);
  BOOST_TEST(lanes == (placement == Placement::in_process ? 1U : 3U));
  const Shared<std::array<std::uint64_t, 3>> places;
  run_jobs<int>(
      300,
      [&](std::uint64_t, Job<int>& job) {
        auto& place = places->at(job.lane());
        const auto before = place;
        std::this_thread::yield();
        place = before + 1;
      },
      {}, options);
  std::uint64_t sum = 0;
  for (unsigned lane = 0; lane < lanes; ++lane) sum += places->at(lane);
  BOOST_TEST(sum == 300U);
}

BOOST_AUTO_TEST_CASE(there_are_no_more_lanes_than_jobs_and_at_least_one) {
  BOOST_TEST(lanes_of(2, options_for(Placement::pooled, 8)) == 2U);
  BOOST_TEST(lanes_of(0, options_for(Placement::pooled, 8)) == 1U);
  BOOST_TEST(lanes_of(1000, options_for(Placement::process_per_job, 8)) == 8U);
  BOOST_TEST(lanes_of(1000, options_for(Placement::pooled, 0)) >= 1U);
}

BOOST_DATA_TEST_CASE(a_worker_tells_of_each_job_that_it_claims_before_it_is_done, all_placements,
                     placement) {
  auto options = options_for(placement, 2);
  int claimed = 0;  // each process has its own
  int claimer = 0;
  options.on_claim = [&] {
    ++claimed;
    claimer = ::getpid();
  };
  const auto run = run_jobs<std::array<int, 2>>(
      30,
      [&](std::uint64_t, Job<std::array<int, 2>>& job) {
        job.result() = {claimed, claimer};
      },
      {}, options);
  std::map<int, std::set<int>> claims;
  for (std::uint64_t i = 0; i < 30; ++i) claims[run.result(i)[1]].insert(run.result(i)[0]);
  BOOST_TEST(claims.size() <= 2U);
  std::size_t sum = 0;
  for (const auto& [pid, numbers] : claims) {
    BOOST_TEST(std::count_if(run.workers().begin(), run.workers().end(),
                             [&, of = pid](const WorkerRow& row) { return row.pid == of; }) == 1);
    sum += numbers.size();
  }
  BOOST_TEST(sum == 30U);
}

BOOST_AUTO_TEST_CASE(rows_say_when_a_worker_had_no_more_to_do) {
  const Shared<std::atomic<int>> early;
  const Shared<std::atomic<bool>> begun;
  const auto run = run_jobs<int>(
      2,
      [&](std::uint64_t index, Job<int>&) {
        if (index == 0) {
          while (!*begun) os::sleep_milliseconds(1);
          *early = ::getpid();
          return;
        }
        *begun = true;
        while (*early == 0 || ::kill(*early, 0) == 0) os::sleep_milliseconds(1);  // it has ended
        os::sleep_milliseconds(20);
      },
      {}, options_for(Placement::pooled, 2));
  BOOST_REQUIRE(run.workers().size() == 2U);
  auto first = run.workers()[0];
  auto last = run.workers()[1];
  if (first.pid != *early) std::swap(first, last);
  BOOST_TEST(first.pid == *early);
  BOOST_TEST(first.until > 0);
  BOOST_TEST(last.until >= first.until + 0.02);
  BOOST_TEST(first.seconds <= first.until);
}

// A worker that ends waits for what its job has started.
BOOST_AUTO_TEST_CASE(the_time_to_the_barrier_is_told_apart_from_that_of_the_jobs) {
  const auto lingering = [](std::uint64_t, Job<int>&) {
    static Process left_behind({.daemon = false}, [] { os::sleep_milliseconds(300); });
    left_behind.start();
  };
  const os::Stopwatch stopwatch;
  const auto run = run_jobs<int>(1, lingering, {}, options_for(Placement::pooled, 1));
  BOOST_TEST(run.join_seconds() >= 0.05);
  BOOST_TEST(run.workers().at(0).until + run.join_seconds() <= stopwatch.seconds());
}

BOOST_AUTO_TEST_CASE(what_was_printed_before_is_not_printed_again_by_workers) {
  auto pipe = os::make_pipe();
  const auto read_end = pipe.read.release();
  const auto write_end = pipe.write.release();
  Process driver([&] {
    ::dup2(write_end.get(), STDOUT_FILENO);
    std::fputs("once\n", stdout);  // stays in the buffer: a pipe is no terminal
    run_jobs<int>(
        8, [](std::uint64_t, Job<int>&) {}, {}, options_for(Placement::process_per_job, 2));
  });
  driver.start();
  driver.join();
  char text[100] = {};
  const auto length = ::read(read_end.get(), text, sizeof text);
  BOOST_TEST(std::string_view(text, static_cast<std::size_t>(length)) == "once\n");
}
