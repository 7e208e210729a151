// Subject: what each call of ream::Process costs, and what the whole of start() and join() costs
// beside a bare fork(), _exit() and waitid() in the same program.
//
// Data: a function that does nothing, in a program that has next to nothing mapped: what a fork
// copies grows with its program, and would hide what the library adds. docs/design.md has those
// figures.
//
// Run with --benchmark_enable_random_interleaving, so that what drifts on the machine meets all.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ream/process.hpp"

namespace {

void do_nothing() {}

void raw_fork_and_waitid(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    siginfo_t info;
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED);
  }
}
BENCHMARK(raw_fork_and_waitid)->UseRealTime();

void process_start_and_join(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    ream::Process process(do_nothing);
    process.start();
    process.join();
  }
}
BENCHMARK(process_start_and_join)->UseRealTime();

// Another thread's fork goes by the thread that the library keeps for daemons.
void daemon_start_and_join_off_the_main_thread(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    ream::Process process({.daemon = true}, do_nothing);
    process.start();
    process.join();
  }
}
BENCHMARK(daemon_start_and_join_off_the_main_thread)->UseRealTime()->Threads(2);

void process_made_and_dropped(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    ream::Process process(do_nothing);
    benchmark::DoNotOptimize(process);
  }
}
BENCHMARK(process_made_and_dropped);

void is_alive_of_one_that_runs(benchmark::State& state) {
  ream::Process process({.daemon = true}, [] { pause(); });
  process.start();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(process.is_alive());
  process.kill();
}
BENCHMARK(is_alive_of_one_that_runs);

}  // namespace
