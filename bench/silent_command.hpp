// A command that runs unseen: its output is dropped, so that no terminal's speed is measured, and
// what it complains of is kept for the case that it fails.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

using Command = std::vector<std::string>;

class SilentCommand {
 public:
  explicit SilentCommand(const Command& words)
      : words_(words), complaints_(memfd_create("complaints", MFD_CLOEXEC)) {
    posix_spawn_file_actions_init(&streams_);
    posix_spawn_file_actions_addopen(&streams_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&streams_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&streams_, complaints_, STDERR_FILENO);
    for (const std::string& word : words_) argv_.push_back(const_cast<char*>(word.c_str()));
    argv_.push_back(nullptr);
  }
  SilentCommand(const SilentCommand&) = delete;
  SilentCommand& operator=(const SilentCommand&) = delete;
  ~SilentCommand() {
    posix_spawn_file_actions_destroy(&streams_);
    close(complaints_);
  }

  pid_t start() {
    pid_t pid = 0;
    const int problem = posix_spawnp(&pid, argv_[0], &streams_, nullptr, argv_.data(), environ);
    if (problem != 0) throw std::runtime_error(line() + ": " + std::strerror(problem));
    return pid;
  }

  // Throws unless `status`, from wait, is success: figures of failed runs are no figures.
  void require_success(int status) const {
    if (status != 0) throw std::runtime_error("failed: " + line() + '\n' + complaints());
  }

 private:
  std::string line() const {
    std::string text;
    for (const std::string& word : words_) text += (text.empty() ? "" : " ") + word;
    return text;
  }

  std::string complaints() const {
    std::string text(4096, '\0');
    const ssize_t size = pread(complaints_, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

  Command words_;
  std::vector<char*> argv_;
  int complaints_;
  posix_spawn_file_actions_t streams_;
};
