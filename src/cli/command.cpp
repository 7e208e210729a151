#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

constexpr std::array table = {&generate_command, &write_command,  &manifest_command,
                              &list_command,     &verify_command, &clean_command};

}  // namespace

std::span<const Command* const> commands() noexcept {
  return table;
}

const Command* find_command(std::string_view name) noexcept {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Command* command) { return command->name == name; });
  return found == table.end() ? nullptr : *found;
}

void throw_no_command(std::string_view name) {
  throw UsageError(fmt::format("{} is no command; 'ream help' lists them", ream::quoted(name)));
}

int run_command(const Command& command, const Words& words) {
  const auto line = command.line();
  const Arguments arguments(line, words);
  if (!arguments.help()) return command.run(arguments);
  os::write_standard_output(help_text(line));
  return all_there;
}

}  // namespace ream::cli
