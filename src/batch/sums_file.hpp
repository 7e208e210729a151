// The checksum file of a batch: made beside its name before the batch is written, so that what is
// wrong with it is known by then, and given its name when the batch is complete.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "ream/file_job.hpp"
#include "sink/new_file.hpp"
#include "sink/run_mark.hpp"
#include "text/sums_text.hpp"

namespace ream {

class SumsFile {
 public:
  enum class Durable { no, yes };

  // Replaces `file`, or the file that a link of this name leads to. What a dead run left of it is
  // removed. Throws InputError where it lies in `directory`, Error where it cannot be made.
  SumsFile(const boost::filesystem::path& file, text::LineEnd end, Durable durable,
           const boost::filesystem::path& directory);

  void add(const Sha256& digest, std::string_view path);  // Throws Error.
  void publish();                                         // Throws Error.

  // Removes what was not published, and the mark. Throws Error.
  void tidy();

 private:
  void keep_mode();
  std::string path_beside(const std::string& name) const;
  void write_out();

  std::string path_;
  std::string name_;
  text::LineEnd end_;
  Durable durable_;
  os::Fd parent_;
  std::optional<sink::RunMark> mark_;
  std::optional<sink::NewFile> file_;  // goes before the mark
  std::string text_;                   // not written yet
  std::uint64_t size_ = 0;
};

}  // namespace ream
