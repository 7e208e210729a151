#include "support/traced_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace ream::test {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// All processes that it forks are traced too, and nobody outlives the test.
constexpr int options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                        PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;

void trace(pid_t who) {
  if (::ptrace(PTRACE_SEIZE, who, nullptr, options) != 0) fail("cannot trace");
}

// One that was killed meanwhile cannot, and its end is told next.
void let_go(pid_t who, int signal) {
  ::ptrace(PTRACE_SYSCALL, who, nullptr, signal);
}

// In the child, which has nothing to say before somebody traces it.
[[noreturn]] void become(char* const words[], const char* directory, int gate, int output) {
  ::setpgid(0, 0);
  forget_what_steers_ream();
  char ignored = 0;
  const bool ready = ::read(gate, &ignored, 1) == 1 && ::chdir(directory) == 0 &&
                     ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0;
  if (ready) ::execv(words[0], words);
  ::_exit(127);
}

std::vector<char*> as_arguments(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

}  // namespace

TracedProgram::TracedProgram(const std::string& program, const std::vector<std::string>& arguments,
                             const std::string& directory, OnCall on_call)
    : on_call_(std::move(on_call)), output_(::memfd_create("output", MFD_CLOEXEC)) {
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  start(words, directory);
}

void TracedProgram::start(const std::vector<std::string>& words, const std::string& directory) {
  std::array<int, 2> gate{};
  if (output_ < 0 || ::pipe2(gate.data(), O_CLOEXEC) != 0) fail("cannot prepare a program");
  const auto arguments = as_arguments(words);
  pid_ = ::fork();
  if (pid_ < 0) fail("cannot fork");
  if (pid_ == 0) become(arguments.data(), directory.c_str(), gate[0], output_);
  ::setpgid(pid_, pid_);
  trace(pid_);
  const bool opened = ::write(gate[1], "", 1) == 1;
  ::close(gate[0]);
  ::close(gate[1]);
  if (!opened) fail("cannot start a program");
}

TracedProgram::~TracedProgram() {
  if (pid_ > 0 && ::kill(-pid_, SIGKILL) == 0) {
    while (::waitpid(-pid_, nullptr, __WALL) > 0) continue;
  }
  ::close(output_);
}

Ended TracedProgram::wait() {
  follow();
  Ended ended;
  if (WIFEXITED(status_)) ended.exit_code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) ended.signal = WTERMSIG(status_);
  ended.err = everything_in(output_);
  return ended;
}

void TracedProgram::follow() {
  int status = 0;
  for (pid_t who = 0; (who = ::waitpid(-pid_, &status, __WALL)) > 0;) take(who, status);
  if (errno != ECHILD) fail("cannot wait for a program");
}

void TracedProgram::take(pid_t who, int status) {
  if (!WIFSTOPPED(status)) {
    if (who == pid_) status_ = status;
    return;
  }
  if (WSTOPSIG(status) == (SIGTRAP | 0x80)) return pass_call(who);
  const bool is_event = status >> 16 != 0;
  let_go(who, is_event ? 0 : WSTOPSIG(status));
}

void TracedProgram::pass_call(pid_t who) {
  __ptrace_syscall_info info{};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, who, sizeof info, &info) <= 0) return let_go(who, 0);
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    const auto number = static_cast<long>(info.entry.nr);
    in_calls_[who] = number;
    tell(number, SystemCall::When::before);
    let_go(who, 0);
    tell(number, SystemCall::When::during);
  } else {
    tell(std::exchange(in_calls_[who], -1), SystemCall::When::after);
    let_go(who, 0);
  }
}

}  // namespace ream::test
