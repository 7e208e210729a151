// A function that runs as if it were a program of its own, which a test then sees from outside: it
// has its own end, its own output and a fresh view of the library, as it has in any program that
// calls fork().
//
//   const Ended ended = run_forked([] { std::cout << "said"; });
//   BOOST_TEST(ended.out == "said");
#pragma once

#include <sys/types.h>

#include <functional>

#include "support/run_program.hpp"

namespace ream::test {

class ForkedProgram {
 public:
  // When `body` returns the program ends as by `return 0` in main; what escapes from it ends it as
  // from main. `in` becomes its standard input where it is not negative.
  explicit ForkedProgram(const std::function<void()>& body, int in = -1);
  ForkedProgram(const ForkedProgram&) = delete;
  ForkedProgram& operator=(const ForkedProgram&) = delete;
  ~ForkedProgram();  // kills it where it still runs

  pid_t pid() const noexcept { return pid_; }
  std::string out_so_far() const;

  // Throws std::runtime_error where it does not end within a minute.
  Ended wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool reaped_ = false;
};

inline Ended run_forked(const std::function<void()>& body, int in = -1) {
  return ForkedProgram(body, in).wait();
}

}  // namespace ream::test
