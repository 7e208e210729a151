#include <fmt/format.h>

#include "cli/completion.hpp"
#include "os/shell.hpp"

namespace ream::cli {

namespace {

// Stands behind the tables. bash splits words at '=', so "--atomic=batch" comes as three of them.
constexpr std::string_view body = R"bash(
# Adds to COMPREPLY the paths of a kind (-f or -d) that begin with $2, each with $3 before it. What
# is quoted or begins with a home directory is readline's to read.
_ream_paths() {
  compopt -o filenames 2>/dev/null
  if [[ $2 == *[\\\"\'\$]* || $2 == '~'* ]]; then
    compopt -o default 2>/dev/null
    return
  fi
  local found
  mapfile -t found < <(compgen -P "$3" "$1" -- "$2")
  ((${#found[@]})) || mapfile -t found < <(compgen -P "$3" -f -- "$2")
  COMPREPLY+=("${found[@]}")
}

# Completes $2 as what is called $1, with $3 before it.
_ream_value() {
  local kind=${1%,...} current=$2 before=$3 alternative alternatives
  if [[ $1 == *,... ]]; then
    compopt -o nospace 2>/dev/null
    [[ $current != *,* ]] || before+=${current%,*}, current=${current##*,}
  fi
  IFS='|' read -ra alternatives <<<"$kind"
  for alternative in "${alternatives[@]}"; do
    case $alternative in
      FILE | MANIFEST | NEW) _ream_paths -f "$current" "$before" ;;
      DIR) _ream_paths -d "$current" "$before" ;;
      [[:lower:]]*) [[ $alternative != "$current"* ]] || COMPREPLY+=("$before$alternative") ;;
    esac
  done
}

_ream() {
  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-} commands options takes
  local i word count=0 only_words=''
  COMPREPLY=()
  _ream_commands
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    return
  fi
  takes=
  for ((i = 2; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == = ]]; then
      continue
    elif [[ $takes ]]; then
      takes=
    elif [[ $only_words || $word == - || $word != -* ]]; then
      ((++count))
    elif [[ $word == -- ]]; then
      only_words=yes
    else
      _ream_takes "$command" "$word"
    fi
  done
  [[ $current != = ]] || current=
  if [[ $takes ]]; then
    _ream_value "$takes" "$current" ''
  elif [[ $only_words || $current != -* ]]; then
    _ream_takes "$command" "$count"
    _ream_value "$takes" "$current" ''
  elif [[ $current == --*=* ]]; then
    _ream_takes "$command" "${current%%=*}"
    _ream_value "$takes" "${current#*=}" "${current%%=*}="
  else
    _ream_options "$command"
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  fi
}

complete -F _ream ream
)bash";

std::string commands_table(const CompletedProgram& program) {
  std::string words;
  for (const auto& command : program.commands) words += command.name + ' ';
  for (const auto& option : program.options) words += option.long_name + ' ';
  words.pop_back();
  return fmt::format("_ream_commands() {{\n  commands={}\n}}\n", os::shell_word(words));
}

std::string options_table(const CompletedProgram& program) {
  std::string text = "\n_ream_options() {\n  options=\n  case $1 in\n";
  for (const auto& command : program.commands) {
    if (command.options.empty()) continue;
    std::string names;
    for (const auto& option : command.options) names += option.long_name + ' ';
    names.pop_back();
    text += fmt::format("    {}) options={} ;;\n", command.name, os::shell_word(names));
  }
  return text + "  esac\n}\n";
}

std::string takes_case(const std::string& command, const OptionRow& option) {
  auto pattern = os::shell_word(command + ' ' + option.long_name);
  if (!option.short_name.empty())
    pattern += " | " + os::shell_word(command + ' ' + option.short_name);
  return fmt::format("    {}) takes={} ;;\n", pattern, os::shell_word(option.takes));
}

std::string takes_table(const CompletedProgram& program) {
  std::string text =
      "\n# Sets takes to what is called so behind $1: an option, or the number of words before.\n"
      "_ream_takes() {\n  takes=\n  case \"$1 $2\" in\n";
  for (const auto& command : program.commands) {
    for (std::size_t i = 0; i < command.words.size(); ++i) {
      text += fmt::format("    '{} {}') takes={} ;;\n", command.name, i,
                          os::shell_word(command.words[i]));
    }
    for (const auto& option : command.options) {
      if (!option.takes.empty()) text += takes_case(command.name, option);
    }
  }
  return text + "  esac\n}\n";
}

}  // namespace

std::string bash_completion(const CompletedProgram& program) {
  return "# Completes the command line of ream in bash. Printed by 'ream completion bash'.\n" +
         commands_table(program) + options_table(program) + takes_table(program) +
         std::string(body);
}

}  // namespace ream::cli
