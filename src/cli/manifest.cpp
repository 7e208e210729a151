#include <fmt/format.h>

#include <iostream>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/say.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"
#include "ream/manifest.hpp"

namespace ream::cli {

namespace {

CommandLine command_line() {
  auto output = option_group("Options");
  output.add_options()("help,h", "this text");
  CommandLine line;
  line.command = "manifest";
  line.about =
      R"(Prints a manifest of what is in DIR: contents (as base64 where they are not text), modes,
modification times, links and empty directories. 'ream write' makes an equal tree of it. Files
above 16 MiB are not carried in the manifest but named, by their absolute path.)";
  line.positional = {"DIR"};
  line.example = "  ream manifest site > site.jsonl";
  line.groups.push_back(output);
  line.groups.push_back(common_options());
  return line;
}

int run(const Arguments& arguments) {
  bool complete = true;
  write_manifest(arguments.positional("DIR"), std::cout, [&](const std::string& problem) {
    say(problem);
    complete = false;
  });
  std::cout.flush();
  if (!std::cout) throw Error(Operation::write, "standard output", errno);
  return complete ? all_there : some_missing;
}

const RegisteredCommand manifest_command({CommandGroup::reading, "manifest",
                                          "print a manifest of what is in a directory",
                                          command_line, run});

}  // namespace

}  // namespace ream::cli
