// A case of test/hostile/cases: a text file, in which each line begins with a word.
//
//   # what is attacked
//   there   {"path": "out/l", "symlink": "../outside"}   in the sandbox before; "out" is the target
//   earlier {"path": "l", "symlink": "../outside"}       a line of what an earlier run wrote there
//   line    {"path": "l/x", "content": "x"}              a line of the manifest
//   each    {"path": "../x", "content": "x"}             a manifest by itself; " | " divides lines
//   with    --atomic {none,file} --if-exists replace     options; all that the braces give is run
//   expect  refused                                      2: nothing in the target has changed
//           fails                                        1
//           inside                                       0
//   says    'l/x'                                        is in what the run says
//   only    {"path": "a", "content": "x"}                in the target afterwards, nothing else but
//                                                        the directories that lead to such entries
//   needs   root
//
// Entries are those of a manifest, and {"path": …, "fifo": true}, "device", "socket", or
// {"path": …, "hardlink": "outside/secret"}. <3*ab> is read as ababab, from the inside to the
// outside, and <work> as the path of the sandbox.
#pragma once

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/path.hpp>
#include <iterator>
#include <ostream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ream::test {

struct HostileCase {
  std::string name;
  std::vector<std::string> there;
  std::vector<std::string> earlier;
  std::vector<std::string> lines;
  std::vector<std::string> each;
  std::vector<std::string> with;
  std::vector<std::string> says;
  std::vector<std::string> only;
  std::vector<std::string> expect;  // one
  std::vector<std::string> needs;
};

inline std::ostream& operator<<(std::ostream& out, const HostileCase& hostile) {
  return out << hostile.name;
}

// "<3*ab>" becomes "ababab".
inline std::string repeated(std::string text) {
  static const std::regex repetition("<([0-9]+)\\*([^<>]*)>");
  for (std::smatch found; std::regex_search(text, found, repetition);) {
    std::string all;
    for (int times = std::stoi(found[1]); times > 0; --times) all += found[2];
    text = found.prefix().str() + all + found.suffix().str();
  }
  return text;
}

// "a{b,c}" becomes "ab" and "ac".
inline std::vector<std::string> alternatives(const std::string& text) {
  const auto open = text.find('{');
  if (open == text.npos) return {text};
  const auto close = text.find('}', open);
  std::istringstream choices(text.substr(open + 1, close - open - 1));
  std::vector<std::string> all;
  for (std::string choice; std::getline(choices, choice, ',');) {
    const auto rest = alternatives(text.substr(0, open) + choice + text.substr(close + 1));
    all.insert(all.end(), rest.begin(), rest.end());
  }
  return all;
}

inline std::vector<std::string> divided(const std::string& text, const std::string& divider) {
  const auto end = text.find(divider);
  if (end == text.npos) return {text};
  auto all = divided(text.substr(end + divider.size()), divider);
  all.insert(all.begin(), text.substr(0, end));
  return all;
}

inline std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

inline std::vector<std::string>& field(HostileCase& hostile, const std::string& word) {
  if (word == "there") return hostile.there;
  if (word == "earlier") return hostile.earlier;
  if (word == "line") return hostile.lines;
  if (word == "each") return hostile.each;
  if (word == "with") return hostile.with;
  if (word == "says") return hostile.says;
  if (word == "only") return hostile.only;
  if (word == "expect") return hostile.expect;
  if (word == "needs") return hostile.needs;
  throw std::runtime_error(hostile.name + ": what is '" + word + "'?");
}

inline void check_complete(const HostileCase& hostile) {
  const bool whole = hostile.expect.size() == 1 && hostile.lines.empty() != hostile.each.empty();
  const bool says = !hostile.says.empty() || hostile.expect.front() == "inside";
  const bool shows = !hostile.only.empty() || hostile.expect.front() != "inside";
  if (!whole || !says || !shows) throw std::runtime_error(hostile.name + " is not complete");
}

inline HostileCase read_case(const boost::filesystem::path& path) {
  HostileCase hostile;
  hostile.name = path.stem().native();
  boost::filesystem::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto word = line.substr(0, line.find(' '));
    const auto rest = line.find_first_not_of(' ', word.size());
    field(hostile, word).push_back(repeated(line.substr(std::min(rest, line.size()))));
  }
  check_complete(hostile);
  if (hostile.with.empty()) hostile.with = {"--atomic {none,file,batch}"};
  return hostile;
}

inline std::vector<HostileCase> read_cases(const boost::filesystem::path& directory) {
  std::vector<HostileCase> cases;
  for (const auto& entry : boost::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".case") cases.push_back(read_case(entry.path()));
  }
  std::sort(cases.begin(), cases.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

}  // namespace ream::test
