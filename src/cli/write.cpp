#include "cli/arguments.hpp"
#include "cli/batch_command.hpp"
#include "cli/command.hpp"
#include "os/standard_streams.hpp"
#include "ream/manifest.hpp"

namespace ream::cli {

namespace {

CommandLine command_line() {
  CommandLine line;
  line.command = "write";
  line.about =
      R"(Writes the files, links and directories that MANIFEST describes into DIR, which is made where
it is absent, and lists it when all workers have ended. Where a line is bad no file is there.
MANIFEST is a file of JSON Lines, '-' standard input. A line (ream-manifest(5)) is one of
  {"path": "a/b.txt", "content": "text"}     {"path": "a.bin", "base64": "AAEC"}
  {"path": "big", "from": "../blob"}         {"path": "pad", "fill": "=", "size": "4K"}
  {"path": "link", "symlink": "target"}      {"path": "dir", "directory": true}
and may have "mode": "0644", "mtime": "1700000000.123456789" and "sha256".)";
  line.positional = {"MANIFEST", "DIR"};
  line.example = "  ream manifest site | ream write - copy-of-site";
  add_batch_options(line);
  return line;
}

int run(const Arguments& arguments) {
  auto settings = batch_settings(arguments);
  settings.manifest = arguments.positional("MANIFEST");
  return run_batch(*open_manifest(settings.manifest), settings);
}

const RegisteredCommand write_command({CommandGroup::writing, "write",
                                       "write the files that a JSON Lines manifest describes",
                                       command_line, run});

}  // namespace

}  // namespace ream::cli
