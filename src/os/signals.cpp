#include "os/signals.hpp"

#include <unistd.h>

#include <atomic>

#include "os/event.hpp"

namespace ream::os {

namespace {

// A handler can reach nothing but statics; the guard that set it is the only writer otherwise.
std::atomic<int> stop_count{0};
std::atomic<int> stop_last{0};
std::atomic<bool> second_ends{false};
std::atomic<const PrivateFd*> wake{nullptr};

void count_stop(int signal) {
  stop_last = signal;
  if (++stop_count >= 2 && second_ends) end_by_signal(signal);
  if (const auto* event = wake.load()) set_event(event->get());
}

bool is_fault(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
         signal == SIGABRT || signal == SIGTRAP;
}

bool is_ignored(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

StopSignals::StopSignals(std::span<const int> signals, SecondSignal second) {
  if (signals.empty()) return;
  wake_ = PrivateFd(make_event());
  const PrivateFd* none = nullptr;
  if (!wake.compare_exchange_strong(none, &wake_)) {
    wake_.reset();
    return;
  }
  second_ends = second == SecondSignal::ends_the_process;
  stop_count = 0;
  stop_last = 0;
  for (const int signal : signals) {
    struct sigaction previous {};
    if (::sigaction(signal, nullptr, &previous) != 0 || is_ignored(previous)) continue;
    struct sigaction action {};
    action.sa_handler = count_stop;
    ::sigaction(signal, &action, nullptr);
    previous_.emplace_back(signal, previous);
  }
}

StopSignals::~StopSignals() {
  if (!wake_) return;
  for (const auto& [signal, action] : previous_) ::sigaction(signal, &action, nullptr);
  wake = nullptr;
}

int StopSignals::count() const noexcept {
  return wake != nullptr ? stop_count.load() : 0;
}
int StopSignals::last() const noexcept {
  return wake != nullptr ? stop_last.load() : 0;
}
int StopSignals::wake_fd() const noexcept {
  const auto* event = wake.load();
  return event != nullptr ? event->get() : -1;
}

void StopSignals::clear() noexcept {
  clear_event(wake_fd());
}

IgnoredSignal::IgnoredSignal(int signal) noexcept : signal_(signal), previous_{} {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  ::sigaction(signal, &action, &previous_);
}

IgnoredSignal::~IgnoredSignal() {
  ::sigaction(signal_, &previous_, nullptr);
}

BlockedSignals::BlockedSignals() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &previous_);
}

void BlockedSignals::let_through() const noexcept {
  ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void ignore_signal(int signal) noexcept {
  ::signal(signal, SIG_IGN);
}

void reset_signal(int signal) noexcept {
  ::signal(signal, SIG_DFL);
}

void reset_inherited_handlers() noexcept {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (is_fault(signal) || ::sigaction(signal, nullptr, &action) != 0) continue;
    const bool handled = (action.sa_flags & SA_SIGINFO) != 0 ||
                         (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
    if (handled) ::signal(signal, SIG_DFL);
  }
}

void end_by_signal(int signal) noexcept {
  ::signal(signal, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
}

}  // namespace ream::os
