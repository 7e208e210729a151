// What a shell is told of the command line, and the scripts that tell it.
#pragma once

#include <string>
#include <vector>

#include "cli/option_table.hpp"

namespace ream::cli {

struct CompletedCommand {
  std::string name;
  std::string summary;
  std::vector<std::string> words;  // that follow it, by what they take: "MANIFEST", "DIR"
  std::vector<OptionRow> options;
};

struct CompletedProgram {
  std::vector<OptionRow> options;  // in place of a command
  std::vector<CompletedCommand> commands;
};

std::string bash_completion(const CompletedProgram& program);
std::string zsh_completion(const CompletedProgram& program);
std::string fish_completion(const CompletedProgram& program);

}  // namespace ream::cli
