// A function run in a forked process: the one process primitive that the rest stands on.
#pragma once

#include <functional>
#include <span>

#include "os/fd.hpp"
#include "ream/exit_status.hpp"

namespace ream::process {

class Child {
 public:
  // Forks a process that calls `run` and ends with what it returns, or with 1 where it throws (the
  // what() goes to standard error). It is killed when the calling thread ends, so a driver's death
  // takes it along. Handlers are back at their default; signals in `ignored` are ignored in it from
  // its first instruction on, no moment is left in between. Throws Error (start_process).
  static Child start(const std::function<int()>& run, std::span<const int> ignored = {});

  Child() = default;
  Child(Child&&) noexcept = default;
  Child& operator=(Child&& other) noexcept;
  ~Child();  // kills and reaps what still runs

  int pid() const noexcept { return pid_; }
  bool running() const noexcept { return static_cast<bool>(pidfd_); }
  int pidfd() const noexcept { return pidfd_.get(); }  // readable when it has ended

  ExitStatus wait();
  void kill() noexcept;

  // Lets go of the process without a look at it: for a fork of its parent, whom it does not
  // concern.
  void forget() noexcept { pidfd_.reset(); }

 private:
  Child(int pid, os::Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  int pid_ = 0;
  os::Fd pidfd_;
};

// As Child::start() and wait() in one, for a caller that does nothing meanwhile: two system calls
// less. The process inherits the caller's signal dispositions.
ExitStatus run_in_child(const std::function<int()>& run);

}  // namespace ream::process
