// A file descriptor that is closed when its owner goes.
#pragma once

#include <boost/container/small_vector.hpp>
#include <utility>

namespace ream::os {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) noexcept : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.number_, -1));
    return *this;
  }
  ~Fd() { reset(); }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  int release() noexcept { return std::exchange(number_, -1); }

  // Tidies: an error of close() is not seen. Where it matters, os::close_checked() tells.
  void reset(int number = -1) noexcept;

 private:
  int number_ = -1;
};

// A few need no memory from the heap.
using DescriptorList = boost::container::small_vector<int, 8>;

// Closes them all, by one system call for each run of neighbours. Sorts them.
void close_all(DescriptorList& descriptors) noexcept;

}  // namespace ream::os
