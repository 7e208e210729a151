// Subject: what it costs a worker to get its jobs: Ledger::claim, and the state that it records of
// each job (creating, created, done).
//
// Data: a round of a million jobs, claimed to its end, since ranges shrink from 256 jobs to one as
// it goes: the time of one claim says nothing of the price of a job, which is what is reported. By
// one thread and by two, which meet on the counter's cache line as two processes do; threads
// because Google Benchmark times those itself. Results are seven bytes, as those of files are.
#include <benchmark/benchmark.h>

#include <barrier>
#include <memory>

#include "pool/ledger.hpp"

namespace {

using ream::JobState;
using ream::detail::Ledger;

constexpr std::uint64_t million = 1'000'000;
constexpr ream::detail::ResultLayout layout_of_files{7, 1};

template <class Action>
std::uint64_t claim_all(Ledger& ledger, Action action) {
  std::uint64_t claimed = 0;
  for (auto range = ledger.claim(million); range.begin < range.end; range = ledger.claim(million)) {
    for (auto index = range.begin; index < range.end; ++index) action(index);
    claimed += range.end - range.begin;
  }
  return claimed;
}

// All threads leave a round before the next begins: start_round() wants no worker at work.
template <class Action>
void run_rounds(benchmark::State& state, Action action) {
  static std::unique_ptr<Ledger> ledger;
  static std::unique_ptr<std::barrier<>> meeting;
  if (state.thread_index() == 0) {
    ledger = std::make_unique<Ledger>(million, layout_of_files, state.threads());
    meeting = std::make_unique<std::barrier<>>(state.threads());
  }
  std::uint64_t claimed = 0;
  for ([[maybe_unused]] auto _ : state) {
    claimed += claim_all(*ledger, [&](std::uint64_t index) { action(*ledger, index); });
    meeting->arrive_and_wait();
    if (state.thread_index() == 0) ledger->start_round();
    meeting->arrive_and_wait();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(claimed));
}

void a_million_jobs_claimed(benchmark::State& state) {
  run_rounds(state, [](Ledger&, std::uint64_t index) { benchmark::DoNotOptimize(index); });
}
BENCHMARK(a_million_jobs_claimed)
    ->Threads(1)
    ->Threads(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void a_million_jobs_claimed_and_their_states_recorded(benchmark::State& state) {
  run_rounds(state, [](Ledger& ledger, std::uint64_t index) {
    ledger.set_state(index, JobState::creating);
    ledger.set_state(index, JobState::created);
    ledger.set_state(index, JobState::done);
  });
}
BENCHMARK(a_million_jobs_claimed_and_their_states_recorded)
    ->Threads(1)
    ->Threads(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
