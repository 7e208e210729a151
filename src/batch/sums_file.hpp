// The checksum file of a batch.
#pragma once

#include <string>
#include <string_view>

#include "batch/published_file.hpp"
#include "ream/file_job.hpp"
#include "text/sums_text.hpp"

namespace ream {

class SumsFile {
 public:
  // As PublishedFile's.
  SumsFile(const boost::filesystem::path& file, text::LineEnd end, PublishedFile::Durable durable,
           const boost::filesystem::path& directory)
      : end_(end), file_(file, what, durable, directory) {}

  static constexpr std::string_view what = "checksum file";

  // Throw Error.
  void add(const Sha256& digest, std::string_view path) {
    line_.clear();
    text::append_sums_line(line_, digest, path, end_);
    file_.write(line_);
  }
  void publish() { file_.publish(); }
  void tidy() { file_.tidy(); }

 private:
  text::LineEnd end_;
  PublishedFile file_;
  std::string line_;
};

}  // namespace ream
