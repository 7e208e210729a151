// What a command that writes a batch is asked for: the options that all of them have, and what they
// come to.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "cli/make_files.hpp"
#include "cli/workers.hpp"
#include "ream/listing.hpp"
#include "ream/pool.hpp"
#include "ream/write_options.hpp"

namespace ream::cli {

struct BatchSettings {
  std::string directory;
  Workers workers;  // one where the driver itself writes
  Placement placement = Placement::pooled;
  bool keep_going = false;
  Atomic atomic = Atomic::automatic;
  Sync sync = Sync::none;
  IfExists if_exists = IfExists::fail;
  ListOptions list;
  std::string sums_file;  // empty: none
  std::string manifest;   // what the plan comes from, a prerequisite for make; empty: no file
  MakeSettings make;
  bool dry_run = false;     // tell what would be written
  std::string report_file;  // the same
  bool show_progress = false;
  bool show_summary = true;
};

// Behind the command's own: the groups "Workers", "Guarantees", "Make and ninja", "Output" and
// "Settings" of the help, the variables that say what some of them do, what excludes what.
void add_batch_options(CommandLine& line);

// Throws UsageError.
BatchSettings batch_settings(const Arguments& arguments);

}  // namespace ream::cli
