#include "process/child.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::process {

namespace {

int run_guarded(const std::function<int()>& run) noexcept {
  try {
    return run();
  } catch (const std::exception& error) {
    std::cerr << fmt::format("process {}: {}\n", os::current_pid(), error.what());
  } catch (...) {
    std::cerr << fmt::format("process {}: unknown exception\n", os::current_pid());
  }
  return 1;
}

[[noreturn]] void run_and_exit(int parent, const std::function<int()>& run) {
  if (!os::end_with_parent(parent, SIGKILL)) os::exit_child(1);
  os::exit_child(run_guarded(run));
}

}  // namespace

Child Child::start(const std::function<int()>& run, std::span<const int> ignored) {
  const int parent = os::current_pid();
  {
    const os::BlockedSignals blocked;  // until the dispositions are set, in the child too
    auto forked = os::fork_with_pidfd();
    if (forked.pid != 0) return Child(forked.pid, std::move(forked.pidfd));
    os::reset_inherited_handlers();
    for (const int signal : ignored) os::ignore_signal(signal);
  }
  run_and_exit(parent, run);
}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  return *this;
}

Child::~Child() {
  if (!running()) return;
  kill();
  try {
    wait();
  } catch (const std::exception&) {  // nothing can be done for it here
  }
}

ExitStatus Child::wait() {
  const auto status = os::wait_for(pidfd_);
  pidfd_.reset();
  return status;
}

void Child::kill() noexcept {
  os::kill_process(pidfd_, SIGKILL);
}

ExitStatus run_in_child(const std::function<int()>& run) {
  const int parent = os::current_pid();
  const int pid = os::fork_plain();
  if (pid == 0) run_and_exit(parent, run);
  return os::wait_for(pid);
}

}  // namespace ream::process
