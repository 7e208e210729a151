// One line of a manifest, parsed: JSON by simdjson, strictly.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "plan/manifest_values.hpp"
#include "ream/file_job.hpp"

namespace ream::plan {

// Parses line after line with one set of buffers.
class ManifestLineParser {
 public:
  // `base_directory` is what "from" is relative to; empty: the working directory.
  explicit ManifestLineParser(std::string base_directory);
  ~ManifestLineParser();
  ManifestLineParser(const ManifestLineParser&) = delete;
  ManifestLineParser& operator=(const ManifestLineParser&) = delete;

  // `line` is without its newline and has at least os::MappedFile::padding readable bytes behind
  // it. The job's views are valid until the next call. Throws BadLine.
  FileJob parse(std::string_view line);

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace ream::plan
