#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cli/common_options.hpp"
#include "cli/help_text.hpp"
#include "cli/print_config.hpp"
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

// A message about an option names the place where that was set.
int run(const Command& command, const Arguments& arguments) {
  try {
    check_common_options(arguments);
    return command.run(arguments);
  } catch (const UsageError& error) {
    throw UsageError(arguments.told(error.what()));
  } catch (const InputError& error) {
    throw UsageError(arguments.told(error.what()));
  }
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
  if (arguments.help()) {
    os::write_standard_output(help_text(line));
  } else if (arguments.print_config()) {
    os::write_standard_output(config_text(line, arguments.settings()));
  } else {
    return run(command, arguments);
  }
  return all_there;
}

}  // namespace ream::cli
