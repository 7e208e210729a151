// Runs a built example, and reads what it says.
#pragma once

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/run_program.hpp"

namespace ream::test {

inline std::string path_of_example(const std::string& name) {
  return REAM_EXAMPLES_DIRECTORY "/" + name;
}

inline Ended run_example(const std::string& name, const std::vector<std::string>& arguments = {},
                         const RunOptions& options = {}) {
  return run(path_of_example(name), arguments, options);
}

// Of a text whose last line ends as a line should.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  boost::split(lines, text, boost::is_any_of("\n"));
  if (!lines.back().empty()) throw std::runtime_error("half a line: " + lines.back());
  lines.pop_back();
  return lines;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The number that follows the first `mark`.
inline int number_after(const std::string& mark, const std::string& text) {
  const auto at = text.find(mark);
  if (at == std::string::npos) throw std::runtime_error("no '" + mark + "' in: " + text);
  return std::stoi(text.substr(at + mark.size()));
}

}  // namespace ream::test
