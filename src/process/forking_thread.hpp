// A thread that lives as long as the process. The kernel ends a child with the thread that forked
// it (PR_SET_PDEATHSIG in prctl(2)), so a child that is to end with its parent must not be forked
// by a thread that ends before.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>

namespace ream::detail {

class ForkingThread {
 public:
  // Calls `work` in the thread, waits for it, and throws what it threw. The first call starts the
  // thread, with the caller's signal mask. One call at a time.
  void run(const std::function<void()>& work);

 private:
  void start();
  [[noreturn]] void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
  std::exception_ptr problem_;
  bool started_ = false;
};

}  // namespace ream::detail
