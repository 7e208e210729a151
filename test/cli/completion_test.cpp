// What bash, zsh and fish complete, asked of the shells themselves.
#define BOOST_TEST_MODULE completion
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/help_page.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;
using Words = std::vector<std::string>;

namespace {

bool is_missing(const std::string& shell) {
  if (run(shell, {"-c", ":"}).exit_code != 127) return false;
  BOOST_TEST_MESSAGE("skipped: no " << shell << " here");
  return true;
}

// A directory to complete in, with the script of a shell.
class Place {
 public:
  explicit Place(const std::string& shell) {
    directory.write_file("script/" + shell, run_ream({"completion", shell}).out);
    directory.write_file("work/site.jsonl", "");
    directory.write_file("work/site/index", "");
    directory.write_file("work/two words/index", "");
    options.directory = (directory / "work").native();
    options.environment = {{"HOME", directory.path().native()},
                           {"XDG_CONFIG_HOME", directory.path().native()},
                           {"XDG_DATA_HOME", directory.path().native()},
                           {"TERM", "xterm"}};
    script = (directory / ("script/" + shell)).native();
  }

  TemporaryDirectory directory;
  RunOptions options;
  std::string script;
};

Words sorted(Words words) {
  std::sort(words.begin(), words.end());
  return words;
}

bool has(const Words& words, const std::string& word) {
  return std::count(words.begin(), words.end(), word) != 0;
}

// What bash has in COMPREPLY for the last of the words, split as it splits them: "--atomic=b" is
// "--atomic", "=" and "b".
Words in_bash(const Words& words) {
  static const Place place("bash");
  std::string line = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _ream; ";
  line += "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"";
  Words arguments = {"--norc", "--noprofile", "-c", line, "bash", place.script};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const auto ended = run("bash", arguments, place.options);
  BOOST_TEST(ended.err == "");
  return sorted(lines_of(ended.out));
}

// What fish offers at the end of a line, without what it says of each.
Words in_fish(const std::string& line) {
  static const Place place("fish");
  const auto ended = run(
      "fish", {"--no-config", "-c", "source $argv[1]; complete -C $argv[2]", place.script, line},
      place.options);
  BOOST_TEST(ended.err == "");
  Words words;
  for (const auto& offer : lines_of(ended.out)) words.push_back(offer.substr(0, offer.find('\t')));
  return sorted(words);
}

// What becomes of a line in an interactive zsh when Tab is pressed behind it.
std::string in_zsh(const std::string& line) {
  static const Place place("zsh");
  const TemporaryDirectory seen;
  const std::string program = R"(
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "cd ${(q)PWD}; autoload -Uz compinit; compinit -u -D; source $1"
    zpty -w shell "show() { print -r -- \"\$BUFFER\" > $2/made; mv $2/made $2/line }; zle -N show"
    zpty -w shell "zle-line-init() { : > $2/ready }; zle -N zle-line-init; bindkey '^]' show"
    await() { repeat 1000; do [[ -e $1 ]] && return; zpty -r -t shell ignored; sleep 0.01; done }
    await $2/ready
    zpty -w -n shell "$3"$'\t\C-]'
    await $2/line
    zpty -d shell
  )";
  run("zsh", {"-f", "-c", program, "zsh", place.script, seen.path().native(), line}, place.options);
  BOOST_REQUIRE(seen.contains("line"));
  const auto lines = lines_of(seen.read_file("line"));
  return lines.empty() ? "" : lines.front();
}

Words with_help(Words commands) {
  commands.push_back("help");
  return commands;
}

Words long_names(const std::string& command) {
  Words names;
  for (const auto& option : help_of(command).options()) names.push_back(option.long_name);
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_unknown_shell_is_refused) {
  const auto ended = run_ream({"completion", "tcsh"});
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(ended.err.find("bash, zsh or fish") != std::string::npos);
  BOOST_TEST(ended.out == "");
}

// ---------------------------------------------------------------- bash

BOOST_AUTO_TEST_CASE(bash_completes_commands) {
  BOOST_TEST(in_bash({"ream", "gen"}) == Words{"generate"});
  const auto all = in_bash({"ream", ""});
  for (const auto& command : with_help(commands_of_the_program())) BOOST_TEST(has(all, command));
  BOOST_TEST(has(all, "--version"));
  BOOST_TEST(in_bash({"ream", "help", "ver"}) == Words{"verify"});
  BOOST_TEST(in_bash({"ream", "completion", "f"}) == Words{"fish"});
}

BOOST_DATA_TEST_CASE(bash_completes_the_options_of_the_help, data::make(commands_of_the_program()),
                     command) {
  BOOST_TEST(in_bash({"ream", command, "--"}) == sorted(long_names(command)),
             boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(bash_completes_the_choices_of_the_help, data::make(commands_of_the_program()),
                     command) {
  for (const auto& option : help_of(command).options()) {
    if (option.choices().empty()) continue;
    const auto choices = sorted(option.choices());
    BOOST_TEST(in_bash({"ream", command, option.long_name, ""}) == choices, option.names);
    BOOST_TEST(in_bash({"ream", command, option.long_name, "=", ""}) == choices, option.names);
    BOOST_TEST(in_bash({"ream", command, option.long_name, "="}) == choices, option.names);
  }
}

BOOST_AUTO_TEST_CASE(bash_completes_a_choice_that_was_begun) {
  BOOST_TEST(in_bash({"ream", "write", "--if-exists", "re"}) == Words{"replace"});
  BOOST_TEST(in_bash({"ream", "write", "--if-exists", "x"}) == Words{});
  BOOST_TEST(in_bash({"ream", "write", "--if-exists=re"}) == Words{"--if-exists=replace"});
  BOOST_TEST(in_bash({"ream", "bench", "--sync", "none,fi"}) == Words{"none,file"});
}

BOOST_AUTO_TEST_CASE(bash_completes_files_and_directories) {
  const Words everything = sorted({"site.jsonl", "site", "two words"});
  BOOST_TEST(in_bash({"ream", "write", ""}) == everything);
  BOOST_TEST(in_bash({"ream", "write", "site.jsonl", ""}) == sorted({"site", "two words"}));
  BOOST_TEST(in_bash({"ream", "write", "-", "si"}) == Words{"site"});
  BOOST_TEST(in_bash({"ream", "write", "-k", "--atomic", "=", "file", "-j", "4", "x", "si"}) ==
             Words{"site"});
  BOOST_TEST(in_bash({"ream", "write", "--", "-x", "si"}) == Words{"site"});
  BOOST_TEST(in_bash({"ream", "generate", "--sums", "si"}) == sorted({"site.jsonl", "site"}));
  BOOST_TEST(in_bash({"ream", "generate", "two"}) == Words{"two words"});
  BOOST_TEST(in_bash({"ream", "clean", "site.j"}) ==
             Words{"site.jsonl"});  // no directory is so called
  BOOST_TEST(in_bash({"ream", "bench", "old", "si"}) == sorted({"site.jsonl", "site"}));
}

BOOST_AUTO_TEST_CASE(bash_completes_nothing_where_a_number_is_taken) {
  BOOST_TEST(in_bash({"ream", "generate", "--count", ""}) == Words{});
  BOOST_TEST(in_bash({"ream", "generate", "-j", ""}) == Words{});
  BOOST_TEST(in_bash({"ream", "generate", "out", ""}) == Words{});
}

// ---------------------------------------------------------------- fish

BOOST_AUTO_TEST_CASE(fish_completes_commands) {
  if (is_missing("fish")) return;
  BOOST_TEST(in_fish("ream gen") == Words{"generate"});
  BOOST_TEST(in_fish("ream ") == sorted(with_help(commands_of_the_program())));
  BOOST_TEST(in_fish("ream help ver") == Words{"verify"});
  BOOST_TEST(in_fish("ream completion f") == Words{"fish"});
}

BOOST_DATA_TEST_CASE(fish_completes_the_options_of_the_help, data::make(commands_of_the_program()),
                     command) {
  if (is_missing("fish")) return;
  BOOST_TEST(in_fish("ream " + command + " --") == sorted(long_names(command)),
             boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(fish_completes_the_choices_of_the_help, data::make(commands_of_the_program()),
                     command) {
  if (is_missing("fish")) return;
  for (const auto& option : help_of(command).options()) {
    if (option.choices().empty()) continue;
    const auto offered = in_fish("ream " + command + " " + option.long_name + " ");
    BOOST_TEST(offered == sorted(option.choices()), option.names);
  }
}

BOOST_AUTO_TEST_CASE(fish_completes_lists_files_and_directories) {
  if (is_missing("fish")) return;
  BOOST_TEST(in_fish("ream bench --sync none,fi") == Words{"none,file"});
  BOOST_TEST(in_fish("ream generate --sums si") == sorted({"site.jsonl", "site/"}));
  BOOST_TEST(in_fish("ream generate si") == Words{"site/"});
  BOOST_TEST(in_fish("ream clean site.j") == Words{"site.jsonl"});
  BOOST_TEST(in_fish("ream write si") == sorted({"site.jsonl", "site/"}));
  BOOST_TEST(in_fish("ream generate --count ") == Words{});
}

// ---------------------------------------------------------------- zsh

BOOST_AUTO_TEST_CASE(zsh_completes_commands) {
  if (is_missing("zsh")) return;
  BOOST_TEST(in_zsh("ream gen") == "ream generate ");
  BOOST_TEST(in_zsh("ream help ver") == "ream help verify ");
  BOOST_TEST(in_zsh("ream completion f") == "ream completion fish ");
}

BOOST_AUTO_TEST_CASE(zsh_completes_options_and_choices) {
  if (is_missing("zsh")) return;
  BOOST_TEST(in_zsh("ream write --keep") == "ream write --keep-going ");
  BOOST_TEST(in_zsh("ream write --atom") == "ream write --atomic=");
  BOOST_TEST(in_zsh("ream write --atomic ba") == "ream write --atomic batch ");
  BOOST_TEST(in_zsh("ream write --if-exists=re") == "ream write --if-exists=replace ");
  BOOST_TEST(in_zsh("ream bench --sync none,fi").find("ream bench --sync none,file") == 0U);
  BOOST_TEST(in_zsh("ream bench --against x --agai") == "ream bench --against x --against=");
}

BOOST_AUTO_TEST_CASE(zsh_completes_files_and_directories) {
  if (is_missing("zsh")) return;
  BOOST_TEST(in_zsh("ream generate si") == "ream generate site/");
  BOOST_TEST(in_zsh("ream write site.j") == "ream write site.jsonl ");
  BOOST_TEST(in_zsh("ream write site.jsonl two") == "ream write site.jsonl two\\ words/");
  BOOST_TEST(in_zsh("ream generate --sums site.") == "ream generate --sums site.jsonl ");
  BOOST_TEST(in_zsh("ream clean site.j") == "ream clean site.jsonl ");
}
