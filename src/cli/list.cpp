#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/common_options.hpp"
#include "cli/listing_output.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

CommandLine command_line() {
  auto output = option_group("Output");
  add_list_options(output, "in which form (default: names)");
  output.add_options()("help,h", "this text");
  CommandLine line;
  line.command = "list";
  line.about =
      R"(Lists what is in DIR, recursively, relative to it and sorted bytewise; a directory comes
just before what is in it.)";
  line.positional = {"DIR"};
  line.example = "  ream list --list long out";
  line.groups.push_back(output);
  line.groups.push_back(common_options());
  line.exclusions = list_exclusions();
  return line;
}

int run(const Arguments& arguments) {
  const auto options = list_options(arguments);
  return print_listing(arguments.positional("DIR"), options) ? all_there : some_missing;
}

const RegisteredCommand list_command({CommandGroup::reading, "list", "list what is in a directory",
                                      command_line, run});

}  // namespace

}  // namespace ream::cli
