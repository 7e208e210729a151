// Manifests: a directory's content as JSON Lines, one entry a line, read and written.
//
//   {"path": "a/b.txt", "content": "text"}     a file with this text
//   {"path": "a.bin", "base64": "AAEC"}        a file with these bytes (RFC 4648, padded)
//   {"path": "big", "from": "../blob"}         a copy of a file, relative to the manifest
//   {"path": "pad", "fill": "=", "size": 4096} the text repeated; size in bytes, or "4K"
//   {"path": "l", "symlink": "target"}         a symbolic link
//   {"path": "d", "directory": true}           a directory
//
// "path64", "symlink64" and "from64" carry names that are not UTF-8. Optional: "mode": "0644"
// (permission bits only), "mtime": "1700000000.123456789" (decimal text, never a double), "sha256".
// Each line is one object in UTF-8; an unknown or repeated key is an error.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "ream/api.hpp"
#include "ream/plan.hpp"

namespace ream {

// The longest line that is read, in bytes; what is larger belongs into a file named by "from".
inline constexpr std::uint64_t longest_manifest_line = std::uint64_t{32} << 20;

// Maps the manifest and finds its lines; they are parsed when a job is asked for. `path` "-" is
// standard input: a regular file is mapped where it stands, a pipe is copied to an unlinked
// temporary file first. Memory beyond the map: 8 bytes a line, and 8 more while it is checked or
// written.
// Throws InputError (cannot be opened, empty, not a regular file, a line that is too long), and
// Error where standard input cannot be copied.
REAM_API std::unique_ptr<Plan> open_manifest(const boost::filesystem::path& path);

struct ManifestWriterOptions {
  // Larger files are named by "from" with their absolute path, not carried in the line.
  std::uint64_t largest_inline = std::uint64_t{16} << 20;
};

// Writes a manifest of everything beneath `directory` to `out`, so that the batch it describes is
// an equal tree: contents, modes, mtimes, links, empty directories. What has no place in a manifest
// (sockets, FIFOs, devices) and what cannot be read is passed to `problem` as a message and left
// out. Returns the number of entries written. Throws Error where `directory` cannot be opened.
REAM_API std::uint64_t write_manifest(const boost::filesystem::path& directory, std::ostream& out,
                                      const std::function<void(const std::string&)>& problem,
                                      const ManifestWriterOptions& options = {});

}  // namespace ream
