#include "support/forked_program.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace ream::test {

namespace {

[[noreturn]] void be_program(const std::function<void()>& body) noexcept {
  body();
  std::exit(0);
}

}  // namespace

ForkedProgram::ForkedProgram(const std::function<void()>& body, int in)
    : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {
  std::cout.flush();
  std::fflush(stdout);
  pid_ = ::fork();
  if (pid_ < 0 || out_ < 0 || err_ < 0) throw std::runtime_error("cannot fork a program");
  if (pid_ > 0) return;
  if (in >= 0) ::dup2(in, STDIN_FILENO);
  ::dup2(out_, STDOUT_FILENO);
  ::dup2(err_, STDERR_FILENO);
  for (const int copied : {in, out_, err_}) ::close(copied);
  be_program(body);
}

ForkedProgram::~ForkedProgram() {
  if (!reaped_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

std::string ForkedProgram::out_so_far() const {
  return everything_in(out_);
}

Ended ForkedProgram::wait() {
  int status = 0;
  reaped_ = eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; },
                       std::chrono::minutes(1));
  if (!reaped_) throw std::runtime_error("no end within a minute: " + everything_in(err_));
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          .out = everything_in(out_),
          .err = everything_in(err_)};
}

}  // namespace ream::test
