#include "os/shell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::os {

namespace {

// What a program ends with that sh could not run.
constexpr int not_runnable = 127;

void become_shell(const std::string& command, Output output) {
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

}  // namespace

ExitStatus run_in_shell(const std::string& command, Output output) {
  const auto child = fork_process(command, [&] { become_shell(command, output); });
  wait_readable(child.pidfd.get(), never);
  return *try_wait(child.pidfd);
}

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace ream::os
