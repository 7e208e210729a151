#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

std::string overview() {
  std::string text =
      "ream writes a whole batch of files at once: a driver forks worker processes, each writes "
      "its\n"
      "own files, the driver waits for all of them, and then lists the directory.\n\n"
      "Usage: ream COMMAND [options] ...\n\n";
  for (const auto& command : commands()) {
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  }
  text += "  help        explain a command\n";
  return text +
         "\n'ream help COMMAND' explains a command, 'man ream' tells more, 'ream --version' names "
         "the\n"
         "version.\n"
         "Exit status: 0 all files are there; 1 some are not (each is named); 2 wrong usage or "
         "bad\n"
         "input, nothing was written; 128+n ended by signal n.\n";
}

}  // namespace

int run_help(const Words& words) {
  if (words.empty()) {
    os::write_standard_output(overview());
    return all_there;
  }
  const auto command = find_command(words.front());
  if (words.size() > 1) throw UsageError("the usage is 'ream help [COMMAND]'");
  if (!command) throw_no_command(words.front());
  return run_command(*command, {"--help"});
}

}  // namespace ream::cli
