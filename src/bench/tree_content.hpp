// What a sample left in its directory, to be compared with what the others left.
#pragma once

#include <array>
#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <string>

namespace ream::bench {

// Of the regular files and the symbolic links beneath a directory, whatever their names are and
// wherever they lie: programs name files as they like, and layouts differ on purpose, and with them
// the directories.
struct TreeContent {
  std::uint64_t files = 0;
  std::uint64_t links = 0;
  std::uint64_t bytes = 0;  // of the files
  // The SHA-256 of each file and of each link's target, added up.
  std::array<std::uint64_t, 4> digest{};

  friend bool operator==(const TreeContent&, const TreeContent&) = default;
};

// Reads the regular files beneath `directory` and removes each as soon as it was read, in parallel:
// with one look at each, half of a benchmark's time goes to samples and not to what follows them.
// Throws std::runtime_error for what cannot be read, with the reason.
TreeContent take_apart(const boost::filesystem::path& directory);

// "500 files, 2048000 bytes, digest 0123456789abcdef"; with "3 links" where there are any.
std::string to_string(const TreeContent& content);

}  // namespace ream::bench
