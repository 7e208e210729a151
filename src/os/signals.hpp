// Signals: those that ask the driver to stop, and guards for those that must not kill it.
#pragma once

#include <signal.h>

#include <array>
#include <span>
#include <vector>

#include "os/private_fd.hpp"

namespace ream::os {

// By which a user, a terminal or a system that shuts down asks a program to stop.
inline constexpr std::array stop_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum class SecondSignal { is_counted, ends_the_process };

// While it lives, the given signals are counted instead of ending the process. Those that were
// ignored stay ignored. There is one count in a process: a guard within another changes nothing,
// and sees what the outer one sees.
class StopSignals {
 public:
  StopSignals(std::span<const int> signals, SecondSignal second);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  int count() const noexcept;
  int last() const noexcept;  // the number of the last one, 0 for none

  // A descriptor that is readable once a signal came, until clear(); -1 where none is watched.
  int wake_fd() const noexcept;
  void clear() noexcept;

 private:
  std::vector<std::pair<int, struct sigaction>> previous_;
  PrivateFd wake_;  // of the outermost
};

// While it lives, `signal` is ignored.
class IgnoredSignal {
 public:
  explicit IgnoredSignal(int signal) noexcept;
  ~IgnoredSignal();
  IgnoredSignal(const IgnoredSignal&) = delete;
  IgnoredSignal& operator=(const IgnoredSignal&) = delete;

 private:
  int signal_;
  struct sigaction previous_;
};

// While it lives, no signal is delivered to the calling thread.
class BlockedSignals {
 public:
  BlockedSignals() noexcept;
  ~BlockedSignals() { let_through(); }

  // The mask as it was before, for the calling thread: in a forked child it may be another one.
  void let_through() const noexcept;

  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t previous_;
};

void ignore_signal(int signal) noexcept;
void reset_signal(int signal) noexcept;  // to its default

// Handlers that this process inherited go back to their default; ignored signals stay ignored.
// Faults (SIGSEGV, SIGBUS and the like) keep theirs: they speak of memory, which is inherited too.
void reset_inherited_handlers() noexcept;

// Ends the process by this signal as if it had never been handled. Returns only where it is blocked
// by somebody who should not.
void end_by_signal(int signal) noexcept;

}  // namespace ream::os
