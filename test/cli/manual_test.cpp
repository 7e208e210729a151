// The manual pages tell of the options that --help shows, of all of them and of no others.
#define BOOST_TEST_MODULE manual
#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <set>

#include "support/help_page.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;
namespace fs = boost::filesystem;

namespace {

std::string source_of(const std::string& page) {
  fs::ifstream in(REAM_MANUAL "/" + page + ".scd", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// As a reader sees it: what scdoc takes for bold and underlined is gone.
std::string plain(const std::string& text) {
  const auto words = std::regex_replace(text, std::regex(R"([*\\])"), "");
  const auto begun = std::regex_replace(words, std::regex("(^|[^A-Za-z0-9])_"), "$1");
  return std::regex_replace(begun, std::regex("_([^A-Za-z0-9]|$)"), "$1");
}

// What the page says of each option, by its names as --help shows them.
std::map<std::string, std::string> options_in(const std::string& page) {
  std::map<std::string, std::string> options;
  std::string* text = nullptr;
  for (const auto& line : lines_of(source_of(page))) {
    const bool indented = !line.empty() && line.front() == '\t';
    if (line.find("*-") == 0) {
      text = &options[plain(line)];
    } else if (indented && text != nullptr) {
      *text += plain(line.substr(1)) + ' ';
    } else if (!line.empty()) {
      text = nullptr;
    }
  }
  return options;
}

// "500" of "how many (default: 500)", or nothing.
std::string default_in(const std::string& about) {
  static const std::regex named(R"(\(default: ([^ ,)]+).*\))");
  std::smatch match;
  return std::regex_search(about, match, named) ? match[1].str() : "";
}

// Of a chapter such as "# NAME".
std::string chapter_of(const std::string& page, const std::string& title) {
  const auto source = source_of(page);
  const auto begin = source.find("\n# " + title + "\n");
  if (begin == source.npos) return "";
  return source.substr(begin + 1, source.find("\n# ", begin + 1) - begin);
}

std::vector<std::string> pages() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(REAM_MANUAL)) {
    if (entry.path().extension() == ".scd") names.push_back(entry.path().stem().native());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_page_has_the_options_of_the_help_and_no_others,
                     data::make(commands_of_the_program()), command) {
  const auto told = options_in("ream-" + command + ".1");
  std::set<std::string> shown;
  for (const auto& option : help_of(command).options()) {
    shown.insert(option.names);
    BOOST_TEST(told.count(option.names) == 1U, "not in the manual: " << option.names);
  }
  for (const auto& [names, text] : told) {
    BOOST_TEST(shown.count(names) == 1U, "not in --help: " << names);
    BOOST_TEST(text.size() > 10U, names);
  }
}

BOOST_DATA_TEST_CASE(a_page_tells_every_default_and_choice, data::make(commands_of_the_program()),
                     command) {
  const auto told = options_in("ream-" + command + ".1");
  for (const auto& option : help_of(command).options()) {
    if (told.count(option.names) == 0) continue;
    const auto& text = told.at(option.names);
    const auto by_default = default_in(option.about);
    if (by_default.empty()) continue;
    const auto sentence = text.find("default is");
    BOOST_TEST(sentence != std::string::npos, option.names);
    BOOST_TEST(text.find(by_default) != std::string::npos, option.names << ": " << by_default);
  }
}

BOOST_AUTO_TEST_CASE(each_command_has_a_page_and_the_first_page_names_them_all) {
  const auto commands_told = chapter_of("ream.1", "COMMANDS");
  const auto elsewhere = chapter_of("ream.1", "SEE ALSO");
  for (const auto& command : commands_of_the_program()) {
    BOOST_TEST(commands_told.find("*" + command + "*") != std::string::npos, command);
    BOOST_TEST(elsewhere.find("*ream-" + command + "*(1)") != std::string::npos, command);
  }
}

BOOST_DATA_TEST_CASE(a_page_has_its_chapters, data::make(pages()), page) {
  const bool command = page.ends_with(".1");
  std::vector<std::string> titles = {"NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO"};
  if (command) titles.insert(titles.end(), {"SYNOPSIS", "OPTIONS", "EXIT STATUS"});
  for (const auto& title : titles) BOOST_TEST(chapter_of(page, title).size() > 20U, title);
}

// A page of this project that another one names is there.
BOOST_DATA_TEST_CASE(a_page_names_no_page_that_is_not_there, data::make(pages()), page) {
  const auto source = source_of(page);
  const std::regex reference(R"(\*(ream[a-z-]*)\*\((\d)\))");
  const auto there = pages();
  for (std::sregex_iterator match(source.begin(), source.end(), reference), end; match != end;
       ++match) {
    const auto named = (*match)[1].str() + "." + (*match)[2].str();
    BOOST_TEST(std::count(there.begin(), there.end(), named) == 1, named);
  }
}
