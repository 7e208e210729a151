// MAKEFLAGS, as GNU make hands it to what its recipes start.
//
//   "kn -j4 --jobserver-auth=3,4 -- CC=gcc"
//
// The options of one letter come first, in a word without a dash (no such word where there are
// none: the text begins with a blank then, or a dash), then the others, and behind "--" variables
// that the command line sets. A backslash makes the next character an ordinary one. (The manual's
// sections "Communicating Options to a Sub-make" and "POSIX Jobserver Interaction".)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ream::text {

// --jobserver-auth=R,W and --jobserver-fds=R,W. make 4.4 names negative numbers to a recipe that it
// does not take for a make, older ones name descriptors that they have closed.
struct JobserverPipe {
  int read;
  int write;
};

// --jobserver-auth=fifo:PATH.
struct JobserverFifo {
  std::string path;
};

// Anything else: of a make that is newer than this.
struct UnknownJobserver {};

struct MakeFlags {
  bool dry_run = false;          // -n, -q or -t: nothing may be written
  std::optional<unsigned> jobs;  // N of -jN
  std::optional<std::variant<JobserverPipe, JobserverFifo, UnknownJobserver>> jobserver;
  std::string jobserver_option;  // the word that names it, for messages
};

// The last of several options holds. What is no option that this knows is passed over.
MakeFlags parse_make_flags(std::string_view makeflags);

}  // namespace ream::text
