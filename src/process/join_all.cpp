#include <algorithm>
#include <memory>

#include "os/process.hpp"
#include "ream/process.hpp"

namespace ream::detail {

namespace {

// Those of `processes` that still run, after one wait for any of them.
void wait_for_any(std::vector<Process*>& processes, os::Clock::time_point until) {
  std::vector<int> sentinels;
  sentinels.reserve(processes.size());
  for (const auto* process : processes) sentinels.push_back(process->sentinel());
  const auto ready = std::make_unique<bool[]>(sentinels.size());
  os::poll_readable(sentinels, {ready.get(), sentinels.size()}, until);
  std::vector<Process*> running;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (!ready[i] || processes[i]->is_alive()) running.push_back(processes[i]);
  }
  processes = std::move(running);
}

}  // namespace

bool join_all_until(const std::vector<Process*>& processes, Process::Clock::time_point until) {
  // Asks all of them before it waits for any: a mistake is told at once.
  std::vector<Process*> running;
  for (auto* process : processes) {
    if (!process->join_until(Process::Clock::time_point::min())) running.push_back(process);
  }
  while (!running.empty()) {
    wait_for_any(running, until);
    if (!running.empty() && until != os::never && os::Clock::now() >= until) break;
  }
  std::erase_if(running, [](const Process* process) { return !process->is_alive(); });
  return running.empty();
}

}  // namespace ream::detail
