#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "os/errors.hpp"
#include "os/standard_streams.hpp"

// Of the runtimes of GCC's and Clang's coverage builds, where the program is one.
extern "C" {
[[gnu::weak]] void __gcov_dump();
[[gnu::weak]] void __gcov_exit();
[[gnu::weak]] int __llvm_profile_write_file();
}

namespace ream::os {

namespace {

ExitStatus to_exit_status(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return Exited{info.si_status};
  return Signalled{info.si_status, info.si_code == CLD_DUMPED};
}

int wait_by(idtype_t kind, id_t id, siginfo_t& info, int options) {
  return retry_on_eintr([&] { return ::waitid(kind, id, &info, options); });
}

Fd open_pidfd(pid_t pid) {
  return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

// A look first: a child that somebody else has waited for may have left its number to a stranger.
void kill_and_reap(pid_t pid) {
  const auto id = static_cast<id_t>(pid);
  siginfo_t info{};
  if (wait_by(P_PID, id, info, WEXITED | WNOHANG | WNOWAIT) != 0) return;
  ::kill(pid, SIGKILL);
  wait_by(P_PID, id, info, WEXITED);
}

void write_coverage() noexcept {
  if (__gcov_dump != nullptr) {
    __gcov_dump();
  } else if (__gcov_exit != nullptr) {
    __gcov_exit();
  }
  if (__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
}

std::optional<timespec> time_left(Clock::time_point until) {
  if (until == never) return std::nullopt;
  const auto now = Clock::now();
  const auto left = until > now ? until - now : Clock::duration::zero();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return timespec{static_cast<time_t>(seconds.count()),
                  static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
}

// Keeps a number free for the pidfd: behind the fork it is too late to find out that there is none,
// since the child has begun. A copy of a descriptor costs least.
Fd reserve_descriptor() {
  Fd copy(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
  return copy || errno != EBADF ? std::move(copy) : Fd(::eventfd(0, EFD_CLOEXEC));
}

int poll_until(std::span<pollfd> polled, Clock::time_point until) {
  const auto left = time_left(until);
  return ::ppoll(polled.data(), polled.size(), left ? &*left : nullptr, nullptr);
}

}  // namespace

Forked fork_process(std::string_view name, const std::function<void()>& child) {
  Fd room = reserve_descriptor();
  if (!room) throw_errno(Operation::start_process, name);
  auto private_descriptors = lock_private_descriptors();
  const pid_t pid = ::fork();
  private_descriptors.unlock();
  if (pid < 0) throw_errno(Operation::start_process, name);
  room.reset();
  if (pid == 0) {
    drop_output();
    child();
    exit_at_once(0);
  }
  Forked forked{pid, PrivateFd(open_pidfd(pid))};
  if (forked.pidfd || errno == ESRCH) return forked;
  const int error_number = errno;
  kill_and_reap(pid);
  throw Error(Operation::start_process, std::string(name), error_number);
}

void exit_child(int code) noexcept {
  flush_standard_streams();
  write_coverage();
  ::_exit(code);
}

void exit_at_once(int code) noexcept {
  ::_exit(code);
}

void call_on_exit(void (*handler)(int code)) noexcept {
  // Unlike atexit() this tells the code.
  ::on_exit([](int code, void* known) { reinterpret_cast<void (*)(int)>(known)(code); },
            reinterpret_cast<void*>(handler));
}

bool end_with_parent(pid_t parent, int signal) noexcept {
  ::prctl(PR_SET_PDEATHSIG, signal);
  return ::getppid() == parent;
}

std::optional<ExitStatus> try_wait(const PrivateFd& pidfd) {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pidfd.get());
  if (wait_by(P_PIDFD, id, info, WEXITED | WNOHANG) == 0) {
    if (info.si_pid == 0) return std::nullopt;
    return to_exit_status(info);
  }
  if (errno == ECHILD) return Lost{};
  throw_errno(Operation::wait, "child process");
}

void send_signal(const PrivateFd& pidfd, int signal) noexcept {
  ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0);
}

pid_t current_pid() noexcept {
  return ::getpid();
}

pid_t parent_pid() noexcept {
  return ::getppid();
}

uid_t effective_user() noexcept {
  return ::geteuid();
}

bool is_main_thread() noexcept {
  return ::gettid() == ::getpid();
}

bool is_on_stack_of_this_thread(const void* object) noexcept {
  if (is_main_thread()) return false;  // the C library would have to read /proc for it
  pthread_attr_t attributes;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return false;
  void* lowest = nullptr;
  std::size_t size = 0;
  ::pthread_attr_getstack(&attributes, &lowest, &size);
  ::pthread_attr_destroy(&attributes);
  const auto begin = reinterpret_cast<std::uintptr_t>(lowest);
  const auto place = reinterpret_cast<std::uintptr_t>(object);
  return begin <= place && place < begin + size;
}

void disable_core_dump() noexcept {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

void poll_readable(std::span<const int> fds, std::span<bool> ready, Clock::time_point until) {
  std::vector<pollfd> polled;
  polled.reserve(fds.size());
  for (const int fd : fds) polled.push_back({fd, POLLIN, 0});
  const int result = poll_until(polled, until);
  if (result < 0 && errno != EINTR) throw_errno(Operation::wait, "processes");
  for (std::size_t i = 0; i < fds.size(); ++i) ready[i] = result > 0 && polled[i].revents != 0;
}

bool wait_readable(int fd, Clock::time_point until) {
  pollfd polled{fd, POLLIN, 0};
  const int result = retry_on_eintr([&] { return poll_until({&polled, 1}, until); });
  if (result < 0) throw_errno(Operation::wait, "process");
  return result > 0;
}

Pipe make_pipe() {
  int ends[2];
  const auto lock = lock_private_descriptors();
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno(Operation::open, "pipe");
  return {PrivateFd(Fd(ends[0]), lock), PrivateFd(Fd(ends[1]), lock)};
}

void sleep_milliseconds(int milliseconds) noexcept {
  timespec left{milliseconds / 1000, (milliseconds % 1000) * 1'000'000L};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace ream::os
