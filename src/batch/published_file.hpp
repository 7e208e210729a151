// A file that tells of a batch and appears with it: its checksums, for instance. Made beside its
// name before the batch is written, so that what is wrong with it is known by then, and given its
// name when the batch is complete.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "sink/new_file.hpp"
#include "sink/run_mark.hpp"

namespace ream {

// Absolute, without links, "." and "..", also of what is not there yet. Throws Error.
boost::filesystem::path path_without_links(const boost::filesystem::path& path);

// Whether `file` is, or would be, anywhere beneath `directory`. Throws Error.
bool lies_in(const boost::filesystem::path& file, const boost::filesystem::path& directory);

// Throws what the constructor of PublishedFile would throw of its place; nothing is made. `what` is
// how messages call the file: "checksum file".
void check_place_of_file(const boost::filesystem::path& file, std::string_view what,
                         const boost::filesystem::path& directory);

// The same for a file that is touched, or made where it is not there.
void check_place_of_touched_file(const boost::filesystem::path& file, std::string_view what,
                                 const boost::filesystem::path& directory);

class PublishedFile {
 public:
  enum class Durable { no, yes };

  // Replaces `file`, or the file that a link of this name leads to. What a dead run left of it is
  // removed. Throws InputError where it lies in `directory`, which the batch is written to; Error
  // where it cannot be made.
  PublishedFile(const boost::filesystem::path& file, std::string_view what, Durable durable,
                const boost::filesystem::path& directory);

  void write(std::string_view text);  // Throws Error.
  void publish();                     // Throws Error.

  // Whether another run is about to publish the same file.
  bool is_wanted_by_another() const;

  // Removes what was not published, and the mark. Throws Error.
  void tidy();

 private:
  void keep_mode();
  std::string path_beside(const std::string& name) const;
  void write_out();

  std::string path_;
  std::string name_;
  Durable durable_;
  os::Fd parent_;
  std::optional<sink::RunMark> mark_;
  std::optional<sink::NewFile> file_;  // goes before the mark
  std::string text_;                   // not written yet
  std::uint64_t size_ = 0;
};

}  // namespace ream
