#include "process/forking_thread.hpp"

#include <system_error>
#include <thread>
#include <utility>

#include "ream/error.hpp"

namespace ream::detail {

void ForkingThread::run(const std::function<void()>& work) {
  std::unique_lock lock(mutex_);
  if (!started_) start();
  work_ = &work;
  changed_.notify_all();
  changed_.wait(lock, [this] { return work_ == nullptr; });
  if (auto problem = std::exchange(problem_, nullptr)) std::rethrow_exception(problem);
}

void ForkingThread::start() {
  try {
    std::thread([this] { serve(); }).detach();
  } catch (const std::system_error& error) {
    throw Error(Operation::start_process, "thread that forks", error.code().value());
  }
  started_ = true;
}

void ForkingThread::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return work_ != nullptr; });
    try {
      (*work_)();
    } catch (...) {
      problem_ = std::current_exception();
    }
    work_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace ream::detail
