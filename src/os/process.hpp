// Processes as the kernel gives them: fork, end, wait.
#pragma once

#include <sys/types.h>

#include <span>

#include "os/fd.hpp"
#include "ream/exit_status.hpp"

namespace ream::os {

// Flushes exactly stdout, stderr, cout, cerr and clog. fflush(NULL) could hang on a stream that
// another thread is blocked in.
void flush_standard_streams() noexcept;

struct Forked {
  pid_t pid = 0;  // 0 in the child
  Fd pidfd;       // in the parent: readable when the child has ended
};

// fork() with a pidfd, standard streams flushed before it. Throws Error (start_process); nothing is
// left of a child whose pidfd could not be opened.
Forked fork_with_pidfd();

// Ends the calling process without the parent's atexit handlers, its own output flushed.
[[noreturn]] void exit_child(int code) noexcept;

// The calling process gets `signal` when the thread that forked it ends. False: `parent` is gone
// already.
bool end_with_parent(pid_t parent, int signal) noexcept;

// Takes the status of an ended child; waits for its end. Lost where somebody else took it.
ExitStatus wait_for(const Fd& pidfd);

// As wait_for, for a child that nobody polls: one system call less.
pid_t fork_plain();
ExitStatus wait_for(pid_t pid);

void kill_process(const Fd& pidfd, int signal) noexcept;

pid_t current_pid() noexcept;

void disable_core_dump() noexcept;  // of the calling process

// Waits until one of `fds` is readable or at its end, a signal comes, or `timeout_ms` have passed
// (-1: for ever). `ready[i]` tells for fds[i]; numbers below 0 are passed over.
void poll_readable(std::span<const int> fds, std::span<bool> ready, int timeout_ms);

struct Pipe {
  Fd read;
  Fd write;
};
Pipe make_pipe();

void sleep_milliseconds(int milliseconds) noexcept;

}  // namespace ream::os
