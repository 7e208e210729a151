// One entry of a batch: a path beneath the target directory and what belongs there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace ream {

// These bytes. The view points into the plan or into the scratch that the job was made with.
struct Bytes {
  std::string_view view;
};

// `unit` (not empty) repeated up to exactly `size` bytes.
struct Fill {
  std::string_view unit;
  std::uint64_t size = 0;
};

// `size` bytes drawn from `seed`: the same bytes for the same seed, on every machine.
struct RandomBytes {
  std::uint64_t seed = 0;
  std::uint64_t size = 0;
};

// Lines of English-like words drawn from `seed`: compressible, printable, exactly `size` bytes.
struct RandomText {
  std::uint64_t seed = 0;
  std::uint64_t size = 0;
};

// What the regular file `source` (relative to the working directory, NUL-terminated) holds when it
// is opened.
struct CopyOf {
  std::string_view source;
};

// A symbolic link that says `target` (NUL-terminated, never followed). Made after all files.
struct SymlinkTo {
  std::string_view target;
};

// A directory; its mode and mtime are set after everything beneath it is there.
struct Directory {};

using Content = std::variant<Bytes, Fill, RandomBytes, RandomText, CopyOf, SymlinkTo, Directory>;

// A point in time as files have it: seconds since 1970 (negative before) and nanoseconds, 0 to
// 999,999,999, that count forward from it.
struct FileTime {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  friend bool operator==(const FileTime&, const FileTime&) = default;
};

using Sha256 = std::array<unsigned char, 32>;

struct FileJob {
  // Relative to the target directory, components divided by single '/'. Lives as long as the
  // scratch that the job was made with is not used again.
  std::string_view path;
  Content content;
  std::optional<std::uint32_t> mode;  // permission bits, at most 0777; absent: 0666 under the umask
  std::optional<FileTime> mtime;      // absent: the time of writing
  std::optional<Sha256> sha256;       // what the content must hash to; checked as it is written
};

}  // namespace ream
