#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cli/help_text.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

// Made at its first use: the order in which files' static objects are made is nobody's to choose.
std::vector<Command>& registered() {
  static std::vector<Command> commands;
  return commands;
}

bool stands_before(const Command& a, const Command& b) {
  return std::tie(a.group, a.name) < std::tie(b.group, b.name);
}

}  // namespace

RegisteredCommand::RegisteredCommand(const Command& command) {
  registered().push_back(command);
}

std::vector<Command> commands() {
  auto sorted = registered();
  std::sort(sorted.begin(), sorted.end(), stands_before);
  return sorted;
}

std::optional<Command> find_command(std::string_view name) {
  for (const auto& command : registered()) {
    if (command.name == name) return command;
  }
  return std::nullopt;
}

void throw_no_command(std::string_view name) {
  std::vector<std::string> names = {"help"};
  for (const auto& command : registered()) names.emplace_back(command.name);
  throw UsageError(fmt::format("{} is no command ('ream help' lists them){}", ream::quoted(name),
                               did_you_mean(std::string(name), names)));
}

int run_command(const Command& command, const Words& words) {
  const auto line = command.line();
  const Arguments arguments(line, words);
  if (!arguments.help()) return command.run(arguments);
  os::write_standard_output(help_text(line));
  return all_there;
}

}  // namespace ream::cli
