// One entry of a batch, of any kind, put where it belongs beneath the root; and undone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "ream/file_job.hpp"
#include "sink/entry_result.hpp"
#include "sink/tree.hpp"
#include "sink/writer.hpp"

namespace ream::sink {

// How far a file is, told before and after the moment from which it is surely the batch's own.
struct CreationSteps {
  std::function<void()> creating;
  std::function<void()> created;
};

struct Leftover {
  // Of the file that is there just as the job wants it. Empty: nothing of the job is there, or what
  // is there is somebody else's.
  std::optional<std::uint64_t> complete_size;
};

// One for each process.
class EntryWriter {
 public:
  explicit EntryWriter(int root) : tree_(root) {}

  // Writes a file, or makes a directory; a link waits for make_link(). Throws Error.
  EntryResult write(const FileJob& job, const CreationSteps& steps);

  void make_link(const FileJob& job);
  void finish_directory(const FileJob& job);  // its mode and mtime

  // Removes what a process that died left of `job`, where it is surely the batch's own: a file that
  // it said was `created`, or an empty one that was born after the batch began, where it died
  // between making it and saying so. The clock of files ticks every few milliseconds: one that was
  // born in the same tick may be somebody else's, and stays. Throws Error.
  Leftover undo(const FileJob& job, bool created, FileTime batch_began);

 private:
  Tree tree_;
  Writer writer_;
};

}  // namespace ream::sink
