#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/algorithm/string/replace.hpp>

#include "cli/completion.hpp"
#include "os/shell.hpp"

namespace ream::cli {

namespace {

// The rest of _ream, behind what it completes.
constexpr std::string_view body = R"zsh(  local curcontext=$curcontext state line ret=1
  _arguments -C -S $program '1: :->command' '*:: :->rest' && ret=0
  case $state in
    command) _describe -t commands 'ream command' commands && ret=0 ;;
    rest)
      curcontext=${curcontext%:*:*}:ream-$words[1]:
      _call_function ret _ream_$words[1]
      ;;
  esac
  return ret
}
)zsh";

// Run at once where the shell has loaded the file as the function _ream, as compinit has it done.
constexpr std::string_view end = R"zsh(
if [[ $funcstack[1] == _ream ]]; then
  _ream "$@"
else
  compdef _ream ream
fi
)zsh";

std::string escaped(std::string text, std::string_view special) {
  boost::replace_all(text, "\\", "\\\\");
  for (const char c : special) {
    boost::replace_all(text, std::string(1, c), std::string("\\") + c);
  }
  return text;
}

// ":auto|none:(auto none)".
std::string message_and_action(const std::string& takes) {
  const auto kind = kind_of_value(takes);
  std::string action = " ";
  if (kind.list && !kind.choices.empty()) {
    action = fmt::format("_sequence compadd - {}", fmt::join(kind.choices, " "));
  } else if (!kind.choices.empty()) {
    action = fmt::format("({})", fmt::join(kind.choices, " "));
  } else if (kind.file || kind.directory) {
    action = kind.file ? "_files" : "_files -/";
  }
  return fmt::format(":{}:{}", escaped(takes, ":"), action);
}

std::string option_spec(const OptionRow& option) {
  const bool flag = option.takes.empty();
  auto tail = fmt::format("[{}]", escaped(option.about, "[]"));
  if (!flag) tail += message_and_action(option.takes);
  const auto long_name = option.long_name + (flag ? "" : "=");
  if (option.short_name.empty()) {
    return os::shell_word((option.repeatable ? "*" : "") + long_name + tail);
  }
  return fmt::format("'({0} {1})'{{{0}{2},{3}}}{4}", option.short_name, option.long_name,
                     flag ? "" : "+", long_name, os::shell_word(tail));
}

std::string function_of(const CompletedCommand& command) {
  auto text = fmt::format("\n_ream_{}() {{\n  _arguments -s -S", command.name);
  for (const auto& option : command.options) text += " \\\n    " + option_spec(option);
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    text += " \\\n    " +
            os::shell_word(fmt::format("{}{}", i + 1, message_and_action(command.words[i])));
  }
  return text + "\n}\n";
}

std::string tables(const CompletedProgram& program) {
  std::string text = "  local -a commands program\n  commands=(\n";
  for (const auto& command : program.commands) {
    text +=
        fmt::format("    {}\n", os::shell_word(command.name + ":" + escaped(command.summary, ":")));
  }
  text += "  )\n  program=(\n";
  for (const auto& option : program.options) text += "    " + option_spec(option) + "\n";
  return text + "  )\n";
}

}  // namespace

std::string zsh_completion(const CompletedProgram& program) {
  std::string text =
      "#compdef ream\n# Completes the command line of ream in zsh. Printed by 'ream completion "
      "zsh'.\n";
  for (const auto& command : program.commands) text += function_of(command);
  return text + "\n_ream() {\n" + tables(program) + std::string(body) + std::string(end);
}

}  // namespace ream::cli
