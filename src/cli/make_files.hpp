// What make and ninja want of a command that writes many files: one file that says when it was done
// (the stamp), one that says what it was made from (the depfile), and that nothing is left of what
// it does not make any more (see WriteOptions::record).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/change_mark.hpp"
#include "cli/depfile.hpp"
#include "cli/distinct_files.hpp"
#include "ream/plan.hpp"

namespace ream::cli {

// Empty: none.
struct MakeSettings {
  std::string depfile;
  std::string stamp;
  bool stamp_if_changed = false;  // one that is there is left alone where nothing was changed
  std::string record;             // of what is pruned
};

// The group "Make and ninja" of the help.
OptionGroup make_options();

// Throws UsageError.
MakeSettings make_settings(const Arguments& arguments);

// The files that it names, for check_distinct().
std::vector<NamedFile> files_of(const MakeSettings& settings);

// The make that runs this only wants to hear what would be done (make -n, -q or -t, where the
// recipe line begins with +, so that it is run all the same).
bool make_wants_a_dry_run();

// The stamp and the depfile of one batch, from before it until after it.
class MakeFiles {
 public:
  // What is wrong with them is known now, though nothing is made yet: throws what Depfile does,
  // also for the stamp.
  MakeFiles(const MakeSettings& settings, const Plan& plan, const std::string& manifest,
            const std::string& directory);

  // Before anything is changed. Throws Error.
  void begin();
  // After the batch, however it went.
  void end(bool changed);

  // After the listing, where all went well. Throws Error.
  void publish();

 private:
  const MakeSettings settings_;
  const ChangeMark mark_;
  bool changed_ = false;
  std::optional<Depfile> depfile_;
};

}  // namespace ream::cli
