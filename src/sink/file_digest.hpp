// What a file that is there hashes to.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "os/file.hpp"
#include "sink/digest.hpp"

namespace ream::sink {

struct FileDigest {
  Sha256 digest;
  std::uint64_t size;
};

// One for each process.
class FileDigester {
 public:
  FileDigester();

  // Of a regular file. Throws Error that names `path`.
  FileDigest digest_of(os::Name name, std::string_view path);

 private:
  Sha256Digest digest_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace ream::sink
