// Processes as the kernel gives them: fork, end, signal, wait.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "os/private_fd.hpp"
#include "ream/exit_status.hpp"

namespace ream::os {

// A child as its parent sees it. Without a pidfd it has ended already, and somebody else took its
// status: SIGCHLD is ignored, or another thread waits for any child.
struct Forked {
  pid_t pid = 0;
  PrivateFd pidfd;  // readable when it has ended
};

// Forks a process that runs `child`; whoever calls this has flushed the standard streams. Throws
// Error (start_process, with `name` for its path); nothing is left of a child that could not be
// watched. The child begins with its parent's private descriptors: close_private_descriptors().
Forked fork_process(std::string_view name, const std::function<void()>& child);

// Ends the calling process as a child should: its own output flushed, the data of coverage builds
// written, and none of its parent's exit handlers run.
[[noreturn]] void exit_child(int code) noexcept;

// The same without even that: for a child that nobody is interested in.
[[noreturn]] void exit_at_once(int code) noexcept;

// Has std::exit() call `handler` with the exit code, before every handler that was set earlier.
void call_on_exit(void (*handler)(int code)) noexcept;

// The calling process gets `signal` when the thread that forked it ends. False: `parent` is gone
// already.
bool end_with_parent(pid_t parent, int signal) noexcept;

// The status of a child, if it has ended. Lost where somebody else took it.
std::optional<ExitStatus> try_wait(const PrivateFd& pidfd);

// Nothing happens to one that has ended.
void send_signal(const PrivateFd& pidfd, int signal) noexcept;

pid_t current_pid() noexcept;
pid_t parent_pid() noexcept;
uid_t effective_user() noexcept;

// Whether the calling thread is the process's first one.
bool is_main_thread() noexcept;

// Of a thread that is not the main one.
bool is_on_stack_of_this_thread(const void* object) noexcept;

void disable_core_dump() noexcept;  // of the calling process

using Clock = std::chrono::steady_clock;
constexpr Clock::time_point never = Clock::time_point::max();

// Waits until one of `fds` is readable or at its end, a signal comes, or it is `until`. `ready[i]`
// tells for fds[i]; numbers below 0 are passed over.
void poll_readable(std::span<const int> fds, std::span<bool> ready, Clock::time_point until);

// The same for one, whatever signals come. False: it was `until` before.
bool wait_readable(int fd, Clock::time_point until);

struct Pipe {
  PrivateFd read;
  PrivateFd write;
};
Pipe make_pipe();

void sleep_milliseconds(int milliseconds) noexcept;

}  // namespace ream::os
