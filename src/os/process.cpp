#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <vector>

#include "os/errors.hpp"

namespace ream::os {

namespace {

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

ExitStatus to_exit_status(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return Exited{info.si_status};
  return Signalled{info.si_status, info.si_code == CLD_DUMPED};
}

ExitStatus wait_by(idtype_t kind, id_t id) {
  siginfo_t info{};
  if (retry_on_eintr([&] { return ::waitid(kind, id, &info, WEXITED); }) == 0) {
    return to_exit_status(info);
  }
  if (errno == ECHILD) return Lost{};
  throw_errno(Operation::wait, "child process");
}

}  // namespace

void flush_standard_streams() noexcept {
  try {
    std::cout.flush();
    std::clog.flush();
    std::cerr.flush();
  } catch (...) {  // a stream that throws has no place to report to here
  }
  std::fflush(stdout);
  std::fflush(stderr);
}

pid_t fork_plain() {
  flush_standard_streams();
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno(Operation::start_process, "worker");
  return pid;
}

Forked fork_with_pidfd() {
  const pid_t pid = fork_plain();
  if (pid == 0) return {};
  Fd pidfd(open_pidfd(pid));
  if (!pidfd) {
    const int error_number = errno;
    ::kill(pid, SIGKILL);  // not reaped yet, so the number is still its own
    wait_for(pid);
    throw Error(Operation::start_process, "worker", error_number);
  }
  return {pid, std::move(pidfd)};
}

void exit_child(int code) noexcept {
  flush_standard_streams();
  ::_exit(code);
}

bool end_with_parent(pid_t parent, int signal) noexcept {
  ::prctl(PR_SET_PDEATHSIG, signal);
  return ::getppid() == parent;
}

ExitStatus wait_for(const Fd& pidfd) {
  return wait_by(P_PIDFD, static_cast<id_t>(pidfd.get()));
}

ExitStatus wait_for(pid_t pid) {
  return wait_by(P_PID, static_cast<id_t>(pid));
}

void kill_process(const Fd& pidfd, int signal) noexcept {
  ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0);
}

pid_t current_pid() noexcept {
  return ::getpid();
}

void disable_core_dump() noexcept {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

void poll_readable(std::span<const int> fds, std::span<bool> ready, int timeout_ms) {
  std::vector<pollfd> polled;
  polled.reserve(fds.size());
  for (const int fd : fds) polled.push_back({fd, POLLIN, 0});
  const int result = ::poll(polled.data(), polled.size(), timeout_ms);
  if (result < 0 && errno != EINTR) throw_errno(Operation::wait, "worker processes");
  for (std::size_t i = 0; i < fds.size(); ++i) ready[i] = result > 0 && polled[i].revents != 0;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno(Operation::open, "pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

void sleep_milliseconds(int milliseconds) noexcept {
  timespec left{milliseconds / 1000, (milliseconds % 1000) * 1'000'000L};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace ream::os
