// Counts what happens in any of several processes.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <new>

namespace ream::test {

// How often something happened, in whichever process.
class SharedCounter {
 public:
  SharedCounter()
      : count_(new (::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0)) std::atomic<int>(0)) {}
  ~SharedCounter() { ::munmap(count_, sizeof(*count_)); }
  int next() { return ++*count_; }

 private:
  std::atomic<int>* count_;
};

}  // namespace ream::test
