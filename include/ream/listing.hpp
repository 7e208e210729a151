// What is in a directory, beneath it and all the way down, in one fixed order.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ream/api.hpp"
#include "ream/file_job.hpp"

namespace ream {

enum class EntryType : std::uint8_t { file, directory, symlink, fifo, socket, device, unknown };

struct Entry {
  std::string path;  // relative to the listed directory
  EntryType type = EntryType::unknown;
};

// Every entry beneath `directory` (not itself), links not followed. Sorted bytewise, where a
// directory sorts as its name and a '/': whatever is beneath it follows at once.
// Throws Error that names the directory that could not be read.
REAM_API std::vector<Entry> list_directory(const boost::filesystem::path& directory);

enum class ListFormat { names, long_, tree, json, none };

struct ListOptions {
  ListFormat format = ListFormat::names;
  bool null_terminated = false;  // names and long: each line ends in NUL instead of newline
  bool colored = false;          // long and tree: names as `ls` colours them, but never with NUL
};

// Writes the listing through `write` in large pieces, directory by directory: memory is bounded by
// the largest directory and the depth, not by the tree.
// Throws Error for a directory that cannot be read, and whatever `write` throws.
REAM_API void write_listing(const boost::filesystem::path& directory, const ListOptions& options,
                            const std::function<void(std::string_view)>& write);

}  // namespace ream
