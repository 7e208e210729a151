// What --help of the built program says, taken apart; and which commands it says there are.
#pragma once

#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "support/run_program.hpp"

namespace ream::test {

struct HelpOption {
  std::string names;       // "-j, --jobs N", as it is shown
  std::string short_name;  // "-j", or empty
  std::string long_name;   // "--jobs"
  std::string takes;       // "N"; empty: nothing
  std::string about;
  std::size_t lines = 1;

  // Small letters: as they stand. Capitals say what is to be put there.
  std::vector<std::string> alternatives(bool capitals) const {
    std::vector<std::string> words;
    std::stringstream names_of_values(std::regex_replace(takes, std::regex(R"(,\.\.\.$)"), ""));
    for (std::string word; std::getline(names_of_values, word, '|');) {
      if ((word == "" || (word[0] >= 'A' && word[0] <= 'Z')) == capitals) words.push_back(word);
    }
    return words;
  }
  std::vector<std::string> choices() const { return alternatives(false); }
};

struct HelpPage {
  std::vector<std::string> lines;
  std::map<std::string, std::vector<HelpOption>> groups;  // by their titles
  std::vector<std::string> example;
  std::vector<std::string> strays;  // lines beneath a group's title that are no option

  std::vector<HelpOption> options() const {
    std::vector<HelpOption> all;
    for (const auto& [title, options] : groups)
      all.insert(all.end(), options.begin(), options.end());
    return all;
  }
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline void add_to_group(HelpPage& page, std::vector<HelpOption>& group, const std::string& line) {
  static const std::regex option(R"(  ((?:(-\S), )?(--\S+)(?: (\S+))?)(?:  +(.*))?)");
  static const std::regex more(R"( {8,}(\S.*))");
  std::smatch match;
  if (std::regex_match(line, match, option)) {
    group.push_back({match[1], match[2], match[3], match[4], match[5]});
  } else if (!group.empty() && std::regex_match(line, match, more)) {
    group.back().about += (group.back().about.empty() ? "" : " ") + match[1].str();
    ++group.back().lines;
  } else {
    page.strays.push_back(line);
  }
}

inline HelpPage help_of(const std::string& command) {
  static const std::regex example("Example.*:");
  static const std::regex title(R"((\S.*):)");
  HelpPage page;
  page.lines = lines_of(run_ream({"help", command}).out);
  std::vector<HelpOption>* group = nullptr;
  bool in_example = false;
  for (const auto& line : page.lines) {
    std::smatch match;
    if (line.empty()) {
      group = nullptr;
    } else if (in_example) {
      page.example.push_back(line);
    } else if (group != nullptr) {
      add_to_group(page, *group, line);
    } else if (std::regex_match(line, example)) {
      in_example = true;
    } else if (std::regex_match(line, match, title)) {
      group = &page.groups[match[1]];
    }
  }
  return page;
}

// Of the overview; "help" is none of its own.
inline std::vector<std::string> commands_of_the_program() {
  static const std::regex command(R"(  ([a-z]+)  +\S.*)");
  std::vector<std::string> names;
  for (const auto& line : lines_of(run_ream({"help"}).out)) {
    std::smatch match;
    if (std::regex_match(line, match, command) && match[1] != "help") names.push_back(match[1]);
  }
  return names;
}

}  // namespace ream::test
