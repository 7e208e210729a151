// What tells the unfinished work of a run that lives from that of one that died.
//
// A run that puts anything under a name of its own first makes a lock file, and holds it locked as
// long as one of its processes lives. Its names begin with ".STEM.ream-TOKEN", where the token is
// drawn anew for each run; the lock file is ".STEM.ream-TOKEN.lock". What carries such a name is
// removed by a later run only where it can take the lock of that very file, and both are the user's
// own: a name alone never says enough.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/file.hpp"

namespace ream::sink {

// Names of one run in one directory. Children inherit the lock: it is free when the last is gone.
class RunMark {
 public:
  // Makes the lock file in `directory`, which must stay open, and takes the lock. `stem` tells what
  // the run works on, and may be empty; `place` is the directory for messages. Throws Error.
  RunMark(int directory, std::string_view stem, std::string_view place);
  RunMark(RunMark&& other) noexcept;
  RunMark& operator=(RunMark&&) = delete;
  ~RunMark();  // removes the lock file

  // What everything of the run begins with, beside its lock file.
  const std::string& name() const noexcept { return name_; }
  // The same for its files in any other directory, ".ream-TOKEN."
  std::string temporary_prefix() const;

  // The same for its lock file.
  std::string lock_name() const;

  // Removes the lock file, as the end of the object does, and tells whether it could: where not
  // errno says why, and it is there for 'ream clean'.
  bool remove() noexcept;

  // Lets the lock file stay: something is left that it tells of.
  void keep() noexcept { lock_.reset(); }

 private:
  friend std::vector<RunMark> dead_runs(int directory, std::string_view stem,
                                        std::string_view place);
  RunMark(int directory, std::string name, os::Fd lock) noexcept;
  bool make_lock(std::string_view place);

  int directory_;
  std::string name_;
  os::Fd lock_;
};

// Whether a run other than `own` is at work under the same stem. False as well where that cannot be
// told. Of two that ask at the same time both may hear of the other.
bool other_run_lives(int directory, std::string_view stem, const RunMark& own);

// The marks of runs in `directory` that are dead, as if they were this run's own: what carries
// their names is nobody's, and they are gone with the returned objects. Throws Error where the
// directory, `place` in messages, cannot be read.
std::vector<RunMark> dead_runs(int directory, std::string_view stem, std::string_view place);

}  // namespace ream::sink
