// --help of each command: it fits a screen, and says what the program takes.
#define BOOST_TEST_MODULE help
#include "support/help_page.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;

namespace {

// As a terminal shows them: a character of UTF-8 has one column.
std::size_t columns_of(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::vector<std::string> words_of(const std::string& command) {
  if (command == "write") return {"nothing.jsonl", "out"};
  return {"/dev/null/out"};  // where nobody can write, nor read
}

// What the program says to this value. It may do nothing else: no directory can be used.
Ended try_value(const std::string& command, const HelpOption& option, const std::string& value) {
  static const TemporaryDirectory directory;
  std::vector<std::string> arguments = {command, option.long_name, value};
  if (value == "none" && option.long_name == "--placement") {
    arguments.insert(arguments.end(), {"--against", "true {dir}"});
  }
  for (const auto& word : words_of(command)) arguments.push_back(word);
  return run_ream(arguments, {.directory = directory.path().native()});
}

bool is_refused(const Ended& ended, const HelpOption& option, const std::string& value) {
  return ended.exit_code == 2 &&
         ended.err.find("ream: " + option.long_name + " '" + value + "': ") == 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_overview_names_commands) {
  const auto commands = commands_of_the_program();
  for (const std::string command : {"generate", "write", "list", "bench", "completion"}) {
    BOOST_TEST(std::count(commands.begin(), commands.end(), command) == 1, command);
  }
}

BOOST_DATA_TEST_CASE(help_fits_a_screen, data::make(commands_of_the_program()), command) {
  const auto page = help_of(command);
  BOOST_TEST(page.lines.size() <= 48U);
  for (const auto& line : page.lines) BOOST_TEST(columns_of(line) <= 96U, line);
}

BOOST_DATA_TEST_CASE(help_has_groups_of_options_and_one_example,
                     data::make(commands_of_the_program()), command) {
  const auto page = help_of(command);
  BOOST_TEST(page.lines.front().find("Usage: ream " + command + " [options]") == 0U);
  for (const auto& stray : page.strays) BOOST_ERROR("no option: " << stray);
  BOOST_TEST(!page.groups.empty());
  for (const auto& [title, options] : page.groups) BOOST_TEST(!options.empty(), title);
  BOOST_REQUIRE_EQUAL(page.example.size(), 1U);
  BOOST_TEST(page.example.front().find("ream " + command) != std::string::npos);
}

BOOST_DATA_TEST_CASE(an_option_has_a_line_and_rarely_two, data::make(commands_of_the_program()),
                     command) {
  std::size_t longer = 0;
  for (const auto& option : help_of(command).options()) {
    BOOST_TEST(option.lines <= 2U, option.names);
    BOOST_TEST(!option.about.empty(), option.names);
    longer += option.lines == 2 ? 1 : 0;
  }
  BOOST_TEST(longer <= 2U);
}

// Completion goes by these: a name in capitals that is none of them may hide choices.
BOOST_DATA_TEST_CASE(what_an_option_takes_is_choices_or_a_known_name,
                     data::make(commands_of_the_program()), command) {
  const std::set<std::string> known = {"CHARACTER", "COMMAND", "CONDITION", "DIR",     "FILE",
                                       "N",         "PATTERN", "PERCENT",   "SECONDS", "SIZE"};
  for (const auto& option : help_of(command).options()) {
    for (const auto& name : option.alternatives(true)) BOOST_TEST(known.count(name) == 1U, name);
  }
}

BOOST_DATA_TEST_CASE(every_choice_is_taken_and_no_other, data::make(commands_of_the_program()),
                     command) {
  for (const auto& option : help_of(command).options()) {
    if (option.choices().empty()) continue;
    for (const auto& choice : option.choices()) {
      const auto ended = try_value(command, option, choice);
      BOOST_TEST(!is_refused(ended, option, choice), ended.err);
    }
    const std::string other = "no-such-choice";
    const auto ended = try_value(command, option, other);
    BOOST_TEST(is_refused(ended, option, other), option.names << ": " << ended.err);
  }
}
