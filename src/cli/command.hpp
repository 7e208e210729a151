// The subcommands, as a table.
#pragma once

#include <span>
#include <string_view>

#include "cli/arguments.hpp"

namespace ream::cli {

struct Command {
  std::string_view name;
  std::string_view summary;  // one line, for the overview
  CommandLine (*line)();
  int (*run)(const Arguments& arguments);
};

extern const Command clean_command;
extern const Command generate_command;
extern const Command list_command;
extern const Command manifest_command;
extern const Command verify_command;
extern const Command write_command;

std::span<const Command* const> commands() noexcept;
const Command* find_command(std::string_view name) noexcept;  // nullptr: there is none

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
