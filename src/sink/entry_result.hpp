// What a worker leaves in shared memory of one entry of a batch: seven bytes, so that with the
// pool's state byte a million entries take 8 MB.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ream/error.hpp"
#include "ream/file_job.hpp"

namespace ream::sink {

class EntryResult {
 public:
  EntryResult() = default;

  enum class Kind : std::uint8_t {
    none,
    file,       // written
    link,       // to be made by the driver, after the barrier; then made
    directory,  // made; its mode and mtime are set by the driver, after the barrier
    unchanged,  // it was there as it should be
    touched,    // it was there, and was given the mtime that it should have
    skipped,    // something was there, and was left as it was
    failure
  };

  static EntryResult file(std::uint64_t size) noexcept;  // below 2^48 bytes
  static EntryResult link() noexcept;
  static EntryResult directory() noexcept;
  static EntryResult unchanged() noexcept;
  static EntryResult touched() noexcept;
  static EntryResult skipped() noexcept;
  // `error` concerns `job`: its path, a parent of it, or its source.
  static EntryResult failure(const Error& error, const FileJob& job) noexcept;

  Kind kind() const noexcept { return Kind{bytes_[0]}; }
  bool is_as_it_was() const noexcept {  // but for its mtime, perhaps
    return kind() == Kind::unchanged || kind() == Kind::touched;
  }
  std::uint64_t size() const noexcept;

  // The failure again, with the job's own strings for the path that was left out.
  Error error(const FileJob& job) const;

 private:
  explicit EntryResult(Kind kind) noexcept : bytes_{static_cast<std::uint8_t>(kind)} {}

  // Of a failure: operation, reason, errno, length of the path concerned (or source_length).
  std::array<std::uint8_t, 7> bytes_{};
};

static_assert(sizeof(EntryResult) == 7 && alignof(EntryResult) == 1);

}  // namespace ream::sink
