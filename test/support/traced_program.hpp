// A program that can be looked at, or around, at each system call of each of its processes: who
// makes the call stands still meanwhile. Nothing that is not certain has to be waited for.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "support/run_program.hpp"

namespace ream::test {

struct SystemCall {
  enum class When { before, during, after };  // during: it has been let go, and may have returned
  long number = 0;                            // SYS_...
  When when = When::before;
};

class TracedProgram {
 public:
  using OnCall = std::function<void(const SystemCall&)>;

  // It needs a whole path. Its standard output and error become one text: Ended::err.
  TracedProgram(const std::string& program, const std::vector<std::string>& arguments,
                const std::string& directory, OnCall on_call);
  TracedProgram(const TracedProgram&) = delete;
  TracedProgram& operator=(const TracedProgram&) = delete;
  ~TracedProgram();  // kills all that still run

  Ended wait();

 private:
  void start(const std::vector<std::string>& words, const std::string& directory);
  void follow();
  void take(pid_t who, int status);
  void pass_call(pid_t who);
  void tell(long number, SystemCall::When when) { on_call_({number, when}); }

  OnCall on_call_;
  int output_ = -1;
  pid_t pid_ = -1;
  int status_ = 0;                            // of the program, when it has ended
  std::unordered_map<pid_t, long> in_calls_;  // what each process is in
};

}  // namespace ream::test
