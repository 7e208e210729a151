#include "cli/completion.hpp"

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

const std::vector<std::string_view> shells = {"bash", "zsh", "fish"};

CommandLine command_line() {
  CommandLine line;
  line.command = "completion";
  line.about =
      R"(Prints the script by which SHELL (bash, zsh or fish) completes ream's commands, options and what
they take. 'make install' and the Debian package put it where the shell finds it.)";
  line.positional = {"SHELL"};
  line.example = "  source <(ream completion bash)";
  auto output = option_group("Output");
  output.add_options()("help,h", "this text");
  line.groups.push_back(output);
  line.groups.push_back(common_options());
  return line;
}

// In place of the SHELL that the usage shows.
std::string takes_in_place(std::string_view word) {
  return word == "SHELL" ? one_of(shells) : std::string(word);
}

CompletedCommand completed(const Command& command) {
  const auto line = command.line();
  CompletedCommand result{std::string(command.name), std::string(command.summary), {}, {}};
  for (const auto word : line.positional) result.words.push_back(takes_in_place(word));
  for (const auto word : line.optional_positional) result.words.push_back(takes_in_place(word));
  for (const auto& group : line.groups) {
    for (const auto& row : option_rows(group)) result.options.push_back(row);
  }
  return result;
}

CompletedCommand completed_help(const std::vector<Command>& commands) {
  std::vector<std::string_view> names;
  for (const auto& command : commands) names.push_back(command.name);
  return {"help", "explain a command", {one_of(names)}, {}};
}

CompletedProgram completed_program() {
  CompletedProgram program;
  program.options = {{"-h", "--help", "", "list the commands"},
                     {"", "--version", "", "name the version"}};
  const auto all = commands();
  for (const auto& command : all) program.commands.push_back(completed(command));
  program.commands.push_back(completed_help(all));
  return program;
}

int run(const Arguments& arguments) {
  const auto& shell = arguments.positional("SHELL");
  const auto program = completed_program();
  if (shell == "bash") {
    os::write_standard_output(bash_completion(program));
  } else if (shell == "zsh") {
    os::write_standard_output(zsh_completion(program));
  } else if (shell == "fish") {
    os::write_standard_output(fish_completion(program));
  } else {
    refuse_value("SHELL", shell, "bash, zsh or fish");
  }
  return all_there;
}

const RegisteredCommand completion_command({CommandGroup::shells, "completion",
                                            "print a script that completes ream's command line",
                                            command_line, run});

}  // namespace

}  // namespace ream::cli
