#include "os/shell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/directory.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::os {

namespace fs = boost::filesystem;

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

// A line of /proc/PID/stat (proc(5)): number (name) state parent group ... A name may have anything
// in it. One that has ended has nothing more to tidy.
bool runs_in_group(const std::string& stat, pid_t group) {
  std::istringstream behind_name(stat.substr(std::min(stat.rfind(')'), stat.size() - 1) + 1));
  char state = 'Z';
  pid_t parent = 0, its_group = 0;
  behind_name >> state >> parent >> its_group;
  return behind_name && state != 'Z' && state != 'X' && its_group == group;
}

// kill() would count the shell, which has its number until it is waited for.
bool anyone_runs_in(pid_t group) {
  boost::system::error_code problem;
  for (fs::directory_iterator entry("/proc", problem), end; !problem && entry != end;
       entry.increment(problem)) {
    std::ifstream file((entry->path() / "stat").native());
    std::string stat;
    if (std::getline(file, stat) && !stat.empty() && runs_in_group(stat, group)) return true;
  }
  return false;
}

// All of it: a shell that ends at once may have started a program that has a lot to remove.
void give_time_to_tidy(pid_t group) {
  constexpr int pause = 10;  // milliseconds
  const auto until = Clock::now() + time_to_tidy;
  while (anyone_runs_in(group) && Clock::now() < until) sleep_milliseconds(pause);
}

void wait_for_end(const Forked& child, int stop_fd) {
  const std::array fds = {child.pidfd.get(), stop_fd};
  std::array<bool, 2> ready{};
  while (!ready[0] && !ready[1]) poll_readable(fds, ready, never);
  if (ready[0]) return;
  ::kill(-child.pid, SIGTERM);
  give_time_to_tidy(child.pid);
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
