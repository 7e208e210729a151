// What the runs of one manifest into one directory have left there, kept in a file from one run to
// the next: so that a later run knows what the manifest does not have any more.
#pragma once

#include <boost/filesystem/path.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch/published_file.hpp"
#include "batch/record_text.hpp"
#include "sink/entry_result.hpp"
#include "sink/tree.hpp"

namespace ream {

// What the record `file` tells of earlier runs, by path: nothing where there is no such file.
// Throws InputError that names the file and the line where it is no record, Error where it cannot
// be read.
using RecordEntries = std::unordered_map<std::string, RecordEntry>;
RecordEntries read_record(const boost::filesystem::path& file);

// The entries of what a batch left beneath the root of `tree`. Empty where it is not there any more
// as it was left. `result` is that of the file: the size is looked up where it has none.
std::optional<RecordEntry> entry_of_file(sink::Tree& tree, std::string_view path,
                                         const Sha256& digest, const sink::EntryResult& result);
std::optional<RecordEntry> entry_of_link(sink::Tree& tree, std::string_view path,
                                         std::string_view target);
RecordEntry entry_of_directory(std::string_view path);

class RunRecord {
 public:
  static constexpr std::string_view what = "record";

  // Reads `file`, and makes the new one beside it, as PublishedFile does.
  RunRecord(const boost::filesystem::path& file, PublishedFile::Durable durable,
            const boost::filesystem::path& directory)
      : rest_(read_record(file)), file_(file, what, durable, directory) {
    file_.write(std::string(record_heading()) + "\n");
  }

  // What is there now. Takes the place of what earlier runs said of that path. Throws Error.
  void add(const RecordEntry& entry);

  // What earlier runs left, and this one has not added.
  std::vector<RecordEntry> rest() const;

  // Throw Error.
  void publish() { file_.publish(); }
  void tidy() { file_.tidy(); }

 private:
  RecordEntries rest_;
  PublishedFile file_;
  std::string line_;
};

}  // namespace ream
