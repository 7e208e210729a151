// What a directory holds, against a checksum file.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ream/worker_slots.hpp"

namespace ream {

struct VerifyOptions {
  unsigned workers = 0;          // worker processes; 0: the processors that may be used
  WorkerSlots* slots = nullptr;  // leave for each beyond the first (see PoolOptions::slots)
  bool exact = false;  // whatever else is there is reported too, but directories and links
  bool lines_end_with_nul = false;  // as `sha256sum -z` writes them, with nothing escaped

  // These signals end it in order (see PoolOptions::stop_signals).
  std::vector<int> stop_signals = {};
};

// A file that is not what the checksum file says.
struct Difference {
  enum class Kind {
    missing,
    different,  // its content, or something that is no regular file has its name
    unreadable,
    extra,  // no line names it
  };
  Kind kind;
  std::string path;  // relative to the directory
  std::string text;  // the whole sentence, ready to show
};

struct Verification {
  std::uint64_t files = 0;              // that were as they should be
  std::uint64_t bytes = 0;              // of those
  std::vector<Difference> differences;  // in the order of the lines; then what is extra, sorted
  std::string trouble;                  // why it is not complete, where no difference says it
  std::optional<int> stopped_by;        // the signal that ended it

  bool good() const noexcept { return differences.empty() && trouble.empty() && !stopped_by; }
};

// Reads, in worker processes, every file that the checksum file `sums` (as sha256sum and
// WriteOptions::sums write it) names beneath `directory`; no link beneath it is followed. Throws
// InputError, that names the line, where `sums` cannot be read, is empty, has a line that is none,
// or a path that leads out of the directory; Error where the directory cannot be opened.
Verification verify(const boost::filesystem::path& directory, const boost::filesystem::path& sums,
                    const VerifyOptions& options = {});

}  // namespace ream
