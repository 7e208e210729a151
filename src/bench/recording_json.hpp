// Recordings as JSON and CSV. docs/bench-json.md describes the JSON, field by field.
#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <string_view>

#include "bench/recording.hpp"

namespace ream::bench {

// A change of what a field means or is called counts this up; a new field does not.
inline constexpr int schema_version = 1;

std::string to_json(const Recording& recording);

// One line for each sample, beneath a line of the columns' names.
std::string to_csv(const Recording& recording);

// What `--compare` needs of a recording: what was measured how, and the seconds of the samples.
struct RecordedArm {
  std::string name;
  std::uint64_t files = 0;  // 1 or more
  std::uint64_t bytes = 0;
  std::vector<double> seconds;  // each above 0 and finite
  std::string placement;        // this and what follows, but the command: empty for other programs
  std::uint64_t workers = 0;
  std::string layout;
  std::string atomic;
  std::string sync;
  std::string command;
};
struct RecordedRun {
  std::string directory;
  std::string filesystem;
  std::string kernel;
  std::string processor;
  std::string version;
  std::string date;
  std::string build;
  std::string governor;
  std::string cache;
  std::string latency;  // empty: a recording from before it was told
  std::uint64_t processors = 0;
  std::vector<RecordedArm> arms;
};

// Throws InputError that names the file: it cannot be read, is no such JSON, or of another version.
RecordedRun read_recording(const boost::filesystem::path& path);

}  // namespace ream::bench
