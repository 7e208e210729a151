#include "cli/command.hpp"

#include <algorithm>
#include <array>

namespace ream::cli {

namespace {

constexpr std::array<Command, 5> table = {{
    {"generate", "write generated files: so many, so large, named by a pattern", run_generate},
    {"write", "write the files that a JSON Lines manifest describes", run_write},
    {"manifest", "print a manifest of what is in a directory", run_manifest},
    {"list", "list what is in a directory", run_list},
    {"help", "explain a command", run_help},
}};

}  // namespace

std::span<const Command> commands() noexcept {
  return table;
}

const Command* find_command(std::string_view name) noexcept {
  const auto* const found = std::find_if(
      table.begin(), table.end(), [&](const Command& command) { return command.name == name; });
  return found == table.end() ? nullptr : found;
}

}  // namespace ream::cli
