#include "os/shell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::os {

namespace {

// What a program ends with that sh could not run.
constexpr int not_runnable = 127;

constexpr std::chrono::seconds time_to_tidy{2};

void become_shell(const std::string& command, Output output) {
  ::setpgid(0, 0);
  reset_signal(SIGPIPE);
  reset_signal(SIGXFSZ);
  reset_inherited_handlers();
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(nowhere, STDIN_FILENO);
  ::dup2(output == Output::nowhere ? nowhere : STDERR_FILENO, STDOUT_FILENO);
  if (output == Output::nowhere) ::dup2(nowhere, STDERR_FILENO);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  exit_at_once(not_runnable);
}

void wait_for_end(const Forked& child, int stop_fd) {
  const std::array fds = {child.pidfd.get(), stop_fd};
  std::array<bool, 2> ready{};
  while (!ready[0] && !ready[1]) poll_readable(fds, ready, never);
  if (ready[0]) return;
  ::kill(-child.pid, SIGTERM);
  if (wait_readable(child.pidfd.get(), Clock::now() + time_to_tidy)) return;
  ::kill(-child.pid, SIGKILL);
  wait_readable(child.pidfd.get(), never);
}

}  // namespace

ExitStatus run_in_shell(const std::string& command, Output output, int stop_fd) {
  const auto child = fork_process(command, [&] { become_shell(command, output); });
  ::setpgid(child.pid, child.pid);  // whoever of both is the first
  wait_for_end(child, stop_fd);
  ::kill(-child.pid, SIGKILL);  // its number is nobody else's until it is waited for
  return *try_wait(child.pidfd);
}

bool is_plain_shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
  return !text.empty() && text.find_first_not_of(plain) == text.npos;
}

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace ream::os
