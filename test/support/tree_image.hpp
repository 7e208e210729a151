// What is in a directory, as values that can be compared.
#pragma once

#include <boost/filesystem/path.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ream::test {

enum class Kind { file, directory, link, other };

struct Entry {
  Kind kind = Kind::file;
  std::string content = {};  // of a link: what it leads to
  unsigned mode = 0;
  long long mtime_seconds = 0;
  long mtime_nanoseconds = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// By paths relative to the directory.
using Tree = std::map<std::string, Entry>;

// Of a directory that is not there: nothing. Throws where a part of it cannot be read.
std::optional<Tree> read_tree(const boost::filesystem::path& directory);

// Only what files hold, by paths; what carries the mark of a run is left out.
using Contents = std::map<std::string, std::string>;
std::optional<Contents> read_contents(const boost::filesystem::path& directory);

// Whatever carries the mark of a run (".ream-" in its name), in `directory` or beneath.
std::vector<std::string> marks_in(const boost::filesystem::path& directory);

}  // namespace ream::test
