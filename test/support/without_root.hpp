// The rights of root put away for a while, so that a test can close a directory to itself.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

// Does nothing in a process that is not root's.
class WithoutRoot {
 public:
  WithoutRoot() {
    constexpr uid_t nobody = 65534;
    if (before_ == 0 && ::seteuid(nobody) != 0) throw std::runtime_error("cannot put root away");
  }

  ~WithoutRoot() {
    if (::seteuid(before_) != 0) std::abort();  // the tests behind this one need what it took away
  }

  WithoutRoot(const WithoutRoot&) = delete;
  WithoutRoot& operator=(const WithoutRoot&) = delete;

 private:
  uid_t before_ = ::geteuid();
};
