// Where and by what the figures were taken: without it they say nothing.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace ream::bench {

struct Environment {
  std::string directory;
  std::string filesystem;  // "tmpfs (rw,nosuid,size=9437184k)"
  std::string kernel;
  unsigned processors = 0;  // that may be used
  std::string processor;    // its model
  std::string governor;     // of the clock; "unknown" where the system does not say
  double load = 0;          // the mean of the minute before
  double steal = 0;         // the share of time that other machines took, 0 to 1
  std::string version;
  std::string build;  // "release", "debug (not optimised)"
  std::string date;   // UTC, ISO 8601
  std::vector<std::string> warnings;

  // Ticks of all processors when the benchmark began.
  std::uint64_t ticks_before = 0;
  std::uint64_t stolen_before = 0;
};

// Throws Error where `directory` cannot be looked at.
Environment environment_of(const boost::filesystem::path& directory);

// Where the files are in memory alone, and dropping caches makes none of them cold.
void warn_where_nothing_is_dropped(Environment& environment);

// What makes figures misleading, as far as it is known before: `full` is the share of the
// filesystem that is taken.
std::vector<std::string> warnings_before(const Environment& environment, double full);
// And what was seen at the end.
std::vector<std::string> warnings_after(const Environment& environment);

// What can only be said at the end.
void finish_environment(Environment& environment);

}  // namespace ream::bench
