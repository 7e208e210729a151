#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/listing_output.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

CommandLine command_line() {
  auto output = option_group("Output");
  output.add_options()("list",
                       po::value<std::string>()->default_value("names")->value_name("FORMAT"),
                       "names, long, tree, json, none")(
      "null,0", po::bool_switch(), "end each name by NUL instead of a newline")("help,h",
                                                                                "this text");
  CommandLine line;
  line.command = "list";
  line.about =
      "Lists what is in DIR, recursively, relative to it and sorted bytewise; a directory comes "
      "just\n"
      "before what is in it.";
  line.positional = {"DIR"};
  line.example = "  ream list --list long out";
  line.groups.push_back(output);
  return line;
}

}  // namespace

int run_list(const Words& words) {
  const auto line = command_line();
  const Arguments arguments(line, words);
  if (arguments.help()) {
    os::write_standard_output(help_text(line));
    return all_there;
  }
  const auto options = list_options(arguments);
  return print_listing(arguments.positional("DIR"), options) ? all_there : some_missing;
}

}  // namespace ream::cli
