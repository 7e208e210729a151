// One entry of a batch, of any kind, put where it belongs beneath the root; and undone.
#pragma once

#include <functional>

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

enum class Leftover {
  none,             // nothing of the job is there, or what is there is somebody else's
  complete_already  // the file is there with the job's content
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
  // between making it and saying so. Throws Error.
  Leftover undo(const FileJob& job, bool created, FileTime batch_began);

 private:
  Tree tree_;
  Writer writer_;
};

}  // namespace ream::sink
