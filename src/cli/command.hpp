// The subcommands, as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ream::cli {

// What follows the command's name on the command line.
using Words = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;  // one line, for the overview
  int (*run)(const Words& words);
};

std::span<const Command> commands() noexcept;
const Command* find_command(std::string_view name) noexcept;  // nullptr: there is none

int run_generate(const Words& words);
int run_help(const Words& words);
int run_list(const Words& words);
int run_manifest(const Words& words);
int run_write(const Words& words);

enum ExitCode : int {
  all_there = 0,
  some_missing = 1,  // or the listing could not be written
  bad_usage = 2      // wrong usage or bad input: nothing was written
};

}  // namespace ream::cli
