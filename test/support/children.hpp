// What a test of processes steers and sees them with.
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/filesystem/directory.hpp>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "support/run_program.hpp"

namespace ream::test {

// A value that this process and all that it forks have in common.
template <class T>
class Shared {
 public:
  Shared() {
    void* memory =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    value_ = new (memory) T{};
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { ::munmap(value_, sizeof(T)); }

  T& operator*() const noexcept { return *value_; }
  T* operator->() const noexcept { return value_; }

 private:
  T* value_;
};

// Opened once, by any process, and waited for by any: so no test has to guess how long something
// takes. It needs no descriptor, which tests count.
class Gate {
 public:
  void open() const noexcept { *open_ = true; }
  bool is_open() const noexcept { return *open_; }

  // Ends the process where nobody opens it: a test that fails leaves nobody behind.
  void wait() const {
    if (!eventually([this] { return is_open(); }, std::chrono::minutes(1))) ::_exit(99);
  }

 private:
  Shared<std::atomic<bool>> open_;
};

// A process that answers as long as it lives, and ends when it is told to. An answer is proof: who
// has been killed, and only not ended yet, gives none.
class Echo {
 public:
  void run() const {
    *pid_ = ::getpid();
    while (!finish_.is_open()) {
      answered_->store(asked_->load());
      ::usleep(1000);
    }
  }
  bool answers() const {
    const int question = ++*asked_;
    return eventually([&] { return *answered_ == question; });
  }
  void finish() const { finish_.open(); }
  pid_t pid() const {
    eventually([&] { return *pid_ != 0; });
    return *pid_;
  }

 private:
  Shared<std::atomic<int>> asked_;
  Shared<std::atomic<int>> answered_;
  Shared<std::atomic<pid_t>> pid_;
  Gate finish_;
};

// An object that is never destroyed: what becomes of it is up to the end of the program. Still
// reachable then, so no leak.
template <class T, class... Arguments>
T& never_destroyed(Arguments&&... arguments) {
  static auto* const kept = new std::vector<T*>;
  kept->push_back(new T(std::forward<Arguments>(arguments)...));
  return *kept->back();
}

inline std::size_t open_descriptors() {
  namespace fs = boost::filesystem;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

// Children of this process that run or that nobody has waited for.
inline bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// Whether it is there, reaped or not.
inline bool exists(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

}  // namespace ream::test
