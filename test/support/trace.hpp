// The system calls that a program made, in their order, as strace shows them.
#pragma once

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

namespace ream::test {

class Trace {
 public:
  explicit Trace(const std::string& text) { boost::split(calls_, text, boost::is_any_of("\n")); }

  // Of the first call from `begin` on that matches, and of the last; size() where there is none.
  std::size_t first(const std::string& pattern, std::size_t begin = 0) const {
    const std::regex wanted(pattern);
    while (begin < size() && !std::regex_search(calls_[begin], wanted)) ++begin;
    return begin;
  }
  std::size_t last(const std::string& pattern) const {
    const std::regex wanted(pattern);
    for (std::size_t index = size(); index > 0; --index) {
      if (std::regex_search(calls_[index - 1], wanted)) return index - 1;
    }
    return size();
  }
  bool has(const std::string& pattern) const { return first(pattern) < size(); }
  std::size_t count(const std::string& pattern) const {
    std::size_t found = 0;
    for (auto at = first(pattern); at < size(); at = first(pattern, at + 1)) ++found;
    return found;
  }
  std::size_t size() const noexcept { return calls_.size(); }

 private:
  std::vector<std::string> calls_;
};

struct Traced {
  Ended ended;
  Trace calls;
};

// Descriptors are shown with their paths. `faults` as strace takes them: "inject=fsync:error=EIO".
inline Traced trace(const std::string& program, const std::vector<std::string>& arguments,
                    const std::string& calls, const TemporaryDirectory& directory,
                    const std::vector<std::string>& faults = {}) {
  const TemporaryDirectory elsewhere;
  const auto file = (elsewhere / "trace").string();
  std::vector<std::string> words = {"-f", "-qq",           "-y", "-o", file, "-e", "signal=none",
                                    "-e", "trace=" + calls};
  for (const auto& fault : faults) words.insert(words.end(), {"-e", fault});
  words.push_back(program);
  words.insert(words.end(), arguments.begin(), arguments.end());
  RunOptions options;
  options.directory = directory.path().string();
  auto ended = run("strace", words, options);
  return {std::move(ended), Trace(elsewhere.read_file("trace"))};
}

}  // namespace ream::test
