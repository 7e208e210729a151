// The subcommands. Each registers itself.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"

namespace ream::cli {

// Where a command stands in the overview.
enum class CommandGroup { writing, reading, care, measuring, shells };

struct Command {
  CommandGroup group;
  std::string_view name;
  std::string_view summary;  // one line, for the overview
  CommandLine (*line)();
  int (*run)(const Arguments& arguments);
};

// A command's file has one of these, and nothing else need know of it.
class RegisteredCommand {
 public:
  explicit RegisteredCommand(const Command& command);
};

std::vector<Command> commands();  // in the overview's order
std::optional<Command> find_command(std::string_view name);

[[noreturn]] void throw_no_command(std::string_view name);  // UsageError

// Parses the words that follow the command's name, and runs it or prints its help.
int run_command(const Command& command, const Words& words);

// 'ream help [COMMAND]'.
int run_help(const Words& words);

enum ExitCode : int {
  all_there = 0,
  some_missing = 1,  // or the listing could not be written
  bad_usage = 2      // wrong usage or bad input: nothing was written
};

}  // namespace ream::cli
