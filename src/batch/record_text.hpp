// The record of a run as text: what the run left beneath a directory, in JSON Lines.
//
//   {"ream": "record", "version": 2, "directory": "out", "manifest": "a.jsonl"}
//                                                           the first line
//   {"path": "a/b", "size": 3, "sha256": "2c26…"}           a file
//   {"path": "l", "symlink": "target"}                      a link
//   {"path": "a", "directory": true}                        a directory that was made for the batch
//
// "path64", "symlink64" and the like carry names that are not UTF-8, as in a manifest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream {

struct RecordEntry {
  enum class Kind { file, link, directory };
  Kind kind = Kind::file;
  std::string path;
  std::uint64_t size = 0;  // of a file, in bytes
  Sha256 digest{};         // of its content
  std::string target;      // of a link
};

// In a record's order: a directory before what is in it.
inline bool is_before(const RecordEntry& a, const RecordEntry& b) {
  return a.path < b.path;
}

// What is wrong with a line, without its place.
struct BadRecordLine {
  std::string problem;
};

// Whose runs a record is of. The paths are relative to where the record lies, so that a tree that
// is moved as a whole keeps its records.
struct RecordOrigin {
  std::string directory;
  std::string manifest;  // empty: generated files; "-": standard input
  friend bool operator==(const RecordOrigin&, const RecordOrigin&) = default;
};

// Without its newline.
std::string record_heading(const RecordOrigin& origin);

// Throws BadRecordLine.
RecordOrigin parse_record_heading(std::string_view line);

// With its newline.
void append_record_line(std::string& text, const RecordEntry& entry);

// `line` without its newline. Throws BadRecordLine, also for a path that cannot be one beneath a
// root.
RecordEntry parse_record_line(std::string_view line);

}  // namespace ream
