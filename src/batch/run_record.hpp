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

// Of runs into `directory` of what `manifest` describes (as in WriteOptions::record_source), for
// the record `file`.
RecordOrigin record_origin(const boost::filesystem::path& file,
                           const boost::filesystem::path& directory,
                           const boost::filesystem::path& manifest);

// What the record `file` tells of earlier runs of `origin`, by path: nothing where there is no such
// file. Throws InputError that names the file and the line where it is no record, or one of other
// runs, Error where it cannot be read.
using RecordEntries = std::unordered_map<std::string, RecordEntry>;
RecordEntries read_record(const boost::filesystem::path& file, const RecordOrigin& origin);

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

  // Makes the new one beside `file`, as PublishedFile does, and reads what is there. Throws as well
  // as that and read_record() InputError where another run has begun to do the same and not ended:
  // the later of them to end would forget what the other has written.
  RunRecord(const boost::filesystem::path& file, PublishedFile::Durable durable,
            const boost::filesystem::path& directory, const RecordOrigin& origin);

  // What is there now. Takes the place of what earlier runs said of that path. Throws Error.
  void add(const RecordEntry& entry);

  // What earlier runs left, and this one has not added.
  std::vector<RecordEntry> rest() const;

  // Throw Error.
  void publish() { file_.publish(); }
  void tidy() { file_.tidy(); }

 private:
  PublishedFile file_;
  RecordEntries rest_;
  std::string line_;
};

}  // namespace ream
