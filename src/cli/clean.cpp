#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/make_files.hpp"
#include "cli/say.hpp"
#include "os/standard_streams.hpp"
#include "ream/clean.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

CommandLine command_line() {
  CommandLine line;
  line.command = "clean";
  line.about =
      R"(Removes what runs that were killed left of their batches into DIR: hidden directories beside
it, temporary files in it and their lock files, and says what it removed. 'ream clean FILE' does
it for a checksum file, a record or a depfile. What belongs to a run that lives is left alone.
The commands that write into DIR do the same before they begin.)";
  line.positional = {"DIR"};
  line.example = "  ream clean out";
  auto output = option_group("Output");
  output.add_options()("help,h", "this text");
  line.groups.push_back(output);
  line.groups.push_back(common_options());
  return line;
}

int run(const Arguments& arguments) {
  if (make_wants_a_dry_run()) {
    say("nothing is removed, since make only shows what it would do");
    return all_there;
  }
  for (const auto& path : clean(arguments.positional("DIR"))) {
    os::write_standard_output(fmt::format("removed {}\n", ream::quoted(path.native())));
  }
  return all_there;
}

const RegisteredCommand clean_command({CommandGroup::care, "clean",
                                       "remove what dead runs left behind", command_line, run});

}  // namespace

}  // namespace ream::cli
