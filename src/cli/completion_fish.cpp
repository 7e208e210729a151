#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/algorithm/string/replace.hpp>

#include "cli/completion.hpp"

namespace ream::cli {

namespace {

constexpr std::string_view head =
    R"fish(# Completes the command line of ream in fish. Printed by 'ream completion fish'.

# No command is there yet; or it is this one.
function __ream_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -gt 1; and test $words[2] = $argv[1]
    end
end

# Directories, and files where none is so called.
function __ream_directories
    set -l found (__fish_complete_directories (commandline -ct))
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end

# Each of the words behind what a list of them has already.
function __ream_list
    set -l before (string match -r '.*,' -- (commandline -ct | string replace -r '^--[^=]*=' ''))
    printf '%s\n' "$before"$argv
end

complete -c ream -f
)fish";

// In single quotes fish knows \\ and \' only.
std::string quoted_for_fish(std::string text) {
  boost::replace_all(text, "\\", "\\\\");
  boost::replace_all(text, "'", "\\'");
  return "'" + text + "'";
}

std::string value_flags(const std::string& takes) {
  const auto kind = kind_of_value(takes);
  const auto choices = fmt::format("{}", fmt::join(kind.choices, " "));
  if (kind.list && !kind.choices.empty()) return fmt::format(" -x -a '(__ream_list {})'", choices);
  if (!kind.choices.empty()) return fmt::format(" -x -a '{}'", choices);
  if (kind.file) return " -r -F";
  if (kind.directory) return " -x -a '(__ream_directories)'";
  return " -x";
}

std::string option_line(const std::string& condition, const OptionRow& option) {
  auto text = fmt::format("complete -c ream -n '{}' -l {}", condition, option.long_name.substr(2));
  if (!option.short_name.empty()) text += " -s " + option.short_name.substr(1);
  if (!option.takes.empty()) text += value_flags(option.takes);
  return text + " -d " + quoted_for_fish(option.about) + "\n";
}

// fish counts no words: what any of them may be is offered for each.
std::string words_line(const std::string& condition, const CompletedCommand& command) {
  bool file = false;
  bool directory = false;
  std::vector<std::string> choices;
  for (const auto& word : command.words) {
    const auto kind = kind_of_value(word);
    file = file || kind.file;
    directory = directory || kind.directory;
    choices.insert(choices.end(), kind.choices.begin(), kind.choices.end());
  }
  const auto line = fmt::format("complete -c ream -n '{}'", condition);
  if (file) return line + " -F\n";
  if (directory) return line + " -a '(__ream_directories)'\n";
  return line + fmt::format(" -a '{}'\n", fmt::join(choices, " "));
}

std::string lines_of(const CompletedCommand& command) {
  auto text = fmt::format("\ncomplete -c ream -n __ream_command -a {} -d {}\n", command.name,
                          quoted_for_fish(command.summary));
  const auto condition = "__ream_command " + command.name;
  for (const auto& option : command.options) text += option_line(condition, option);
  return text + words_line(condition, command);
}

}  // namespace

std::string fish_completion(const CompletedProgram& program) {
  auto text = std::string(head);
  for (const auto& option : program.options) text += option_line("__ream_command", option);
  for (const auto& command : program.commands) text += lines_of(command);
  return text;
}

}  // namespace ream::cli
