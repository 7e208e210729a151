// System calls of a program that fail, by strace, and what it saw of them.
#pragma once

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ream::test {

// The call fails once in each process of the program: at the `when`-th time that this makes it.
struct Fault {
  std::string call;
  std::string error;
  int when = 0;

  // As strace(1) takes it behind "-e", to do the same by hand.
  std::string option() const {
    return "inject=" + call + ":error=" + error + ":when=" + std::to_string(when);
  }
};

// What strace -f -o wrote.
class Trace {
 public:
  explicit Trace(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) take(line);
  }

  // Of each name, how often the process that made the call most made it.
  std::map<std::string, int> most_calls() const {
    std::map<std::string, int> most;
    for (const auto& [who, count] : counts_) {
      most[who.second] = std::max(most[who.second], count);
    }
    return most;
  }

  // The calls that strace let fail, each from its name on.
  const std::vector<std::string>& injected() const noexcept { return injected_; }

 private:
  // "PID call(arguments) = result", or in two lines where another process came in between:
  // "PID call(arguments <unfinished ...>" and "PID <... call resumed>) = result".
  void take(const std::string& line) {
    const auto begin = line.find_first_not_of("0123456789 ");
    if (begin == line.npos) return;
    const auto process = line.substr(0, line.find(' '));
    auto call = line.substr(begin);
    if (call.starts_with("<... ")) {
      call = unfinished_[process] + call;
    } else if (const auto bracket = call.find('('); bracket != call.npos) {
      ++counts_[{process, call.substr(0, bracket)}];
    }
    if (line.ends_with("<unfinished ...>")) unfinished_[process] = call;
    if (line.find("(INJECTED)") != line.npos) injected_.push_back(call);
  }

  std::map<std::pair<std::string, std::string>, int> counts_;
  std::map<std::string, std::string> unfinished_;
  std::vector<std::string> injected_;
};

}  // namespace ream::test
