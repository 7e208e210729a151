// One entry of a batch, of any kind, put where it belongs beneath the root; and undone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "ream/file_job.hpp"
#include "ream/guarantees.hpp"
#include "sink/digest_table.hpp"
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

// How the files of a batch come to their names.
struct FileNaming {
  Appearance appearance = Appearance::in_place;
  std::string temporary_prefix = {};  // before the number of the entry; empty: there are none
  WriteBack write_back = WriteBack::left_to_the_system;
  bool alone = false;  // nobody else makes files there
};

// One for each process.
class EntryWriter {
 public:
  // Leaves the digests of files in `digests`, by their index, where that is not null.
  EntryWriter(int root, FileNaming naming, IfExists if_exists, DigestTable* digests = nullptr)
      : tree_(root), naming_(std::move(naming)), if_exists_(if_exists), digests_(digests) {}

  // Where the steps of the files that follow are recorded; null, and at first: nowhere.
  void record_steps_in(LatencyReport* steps) noexcept {
    steps_ = steps;
    writer_.record_steps_in(steps);
  }

  // Throws Error where something is in the way of `job`; nothing is changed.
  void look_for_obstacle(const FileJob& job);

  // What write() or make_link() would come to, as far as that can be told without a change: a file
  // (of size 0), link or directory that would be made, unchanged, skipped. Throws Error where
  // something is in the way.
  EntryResult foresee(const FileJob& job);

  // Writes a file, or makes a directory; a link waits for make_link(). `index` tells the entries of
  // a batch apart. Throws Error.
  EntryResult write(std::uint64_t index, const FileJob& job, const CreationSteps& steps);

  // Gives the file of `result`, which was written to appear later, its name. Throws Error: nothing
  // is left of it then.
  EntryResult publish_file(std::uint64_t index, const FileJob& job, const EntryResult& result);
  // Whether publish_file() got so far, in a process that died.
  bool is_published(std::uint64_t index, const FileJob& job);
  // Removes it instead. Throws Error.
  void withdraw_file(std::uint64_t index, const FileJob& job);
  // Removes the directory `path` where it is empty and was not there before the batch began.
  void withdraw_directory(std::string_view path, FileTime batch_began);

  // Whether the directory `path` is there, and was not before the batch began. False where the
  // filesystem does not tell.
  bool is_new_directory(std::string_view path, FileTime batch_began);

  EntryResult make_link(std::uint64_t index, const FileJob& job);

  // Its mode and mtime: tells whether it had others. One that was there before the batch began
  // stays as it is where that is what the batch does with what exists. Throws Error.
  bool finish_directory(const FileJob& job, FileTime batch_began);

  // Brings the names in the directory `path`, and its attributes, to the disk; the root where
  // `path` is empty. Throws Error.
  void sync_directory(std::string_view path);

  // Removes what a process that died left of `job`, where it is surely the batch's own: a file that
  // it said was `created`, or an empty one that was born after the batch began, where it died
  // between making it and saying so. The clock of files ticks every few milliseconds: one that was
  // born in the same tick may be somebody else's, and stays, unless nobody else is there. What does
  // not grow under its own name is never taken away from there, only its temporary file. Throws
  // Error.
  Leftover undo(std::uint64_t index, const FileJob& job, bool created, FileTime batch_began);

 private:
  EntryResult write_file(std::uint64_t index, const FileJob& job, const CreationSteps& steps);
  bool came_meanwhile(int error_number) const noexcept;
  bool replaces() const noexcept;
  Naming naming_of(os::Name name, std::uint64_t index);
  Naming naming_of_written(std::uint64_t index, const FileJob& job);
  Sha256* digest_of(std::uint64_t index) const noexcept;
  std::optional<EntryResult> bring_up_to_date(std::uint64_t index, os::Name name,
                                              const os::Status& found, const FileJob& job);
  bool make_durable(os::Name name) const noexcept;
  static std::optional<EntryResult> bring_link_up_to_date(os::Name name, const os::Status& found,
                                                          const FileJob& job);
  EntryResult foresee_over(os::Name name, const os::Status& found, const FileJob& job);
  static void make_new_link(os::Name name, const FileJob& job);
  void replace_link(os::Name name, const FileJob& job);
  void set_temporary_name(std::uint64_t index);
  bool may_be_removed(os::Name name, bool created, FileTime batch_began) const;

  Tree tree_;
  Writer writer_;
  FileNaming naming_;
  IfExists if_exists_;
  DigestTable* digests_;
  LatencyReport* steps_ = nullptr;
  std::string temporary_name_;
};

}  // namespace ream::sink
