#include "batch/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <optional>

#include "os/file.hpp"
#include "os/mapped_file.hpp"
#include "ream/error.hpp"

namespace ream {

namespace fs = boost::filesystem;

namespace {

// By its own name, which may be that of a link to one file today and to another tomorrow.
fs::path named_path(const fs::path& file) {
  const auto path = fs::absolute(file);
  return path_without_links(path.parent_path()) / path.filename();
}

std::optional<os::OpenedFile> open_if_there(const fs::path& file) {
  try {
    return os::open_regular(file.c_str());
  } catch (const Error& error) {
    if (error.error_number() == ENOENT) return std::nullopt;
    throw;
  }
}

class RecordReader {
 public:
  RecordReader(const os::MappedFile& map, const RecordOrigin& origin)
      : map_(map), origin_(origin) {}

  RecordEntries read() {
    auto rest = map_.bytes();
    if (rest.empty()) {
      throw InputError(map_.name(),
                       "is empty, and no record: remove it, and this run begins a new one (what "
                       "earlier runs left, "
                       "and the manifest does not have any more, stays then)");
    }
    do {
      const auto end = std::min(rest.find('\n'), rest.size());
      ++line_number_;
      take(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    } while (!rest.empty());
    return std::move(entries_);
  }

 private:
  void take(std::string_view line) {
    try {
      if (line_number_ == 1) return check_origin(parse_record_heading(line));
      auto entry = parse_record_line(line);
      const auto path = entry.path;
      if (!entries_.emplace(path, std::move(entry)).second) {
        refuse(fmt::format("has the path {} again", quoted(path)));
      }
    } catch (BadRecordLine& bad) {
      refuse(std::move(bad.problem));
    }
  }

  void check_origin(const RecordOrigin& found) const {
    if (found == origin_) return;
    refuse(
        fmt::format("is of runs of {}, and this one is of {}: give this one a record of its own "
                    "(--record), or remove this record, and nothing of those runs is removed",
                    text_of(found), text_of(origin_)));
  }

  static std::string text_of(const RecordOrigin& origin) {
    const auto source = origin.manifest.empty() ? "generated files" : quoted(origin.manifest);
    return fmt::format("{} into {}", source, quoted(origin.directory));
  }

  [[noreturn]] void refuse(std::string problem) const {
    if (map_.was_truncated()) throw InputError(map_.name(), "was truncated while it was read");
    throw InputError(fmt::format("{}:{}", map_.name(), line_number_), std::move(problem));
  }

  const os::MappedFile& map_;
  const RecordOrigin& origin_;
  std::uint64_t line_number_ = 0;
  RecordEntries entries_;
};

}  // namespace

RecordOrigin record_origin(const fs::path& file, const fs::path& directory,
                           const fs::path& manifest) {
  const auto place = path_without_links(file).parent_path();
  const bool is_no_file = manifest.empty() || manifest == "-";
  return {path_without_links(directory).lexically_relative(place).native(),
          is_no_file ? manifest.native() : named_path(manifest).lexically_relative(place).native()};
}

RecordEntries read_record(const fs::path& file, const RecordOrigin& origin) {
  const auto opened = open_if_there(file);
  if (!opened) return {};
  const os::MappedFile map(opened->fd, opened->size, file.string());
  return RecordReader(map, origin).read();
}

std::optional<RecordEntry> entry_of_file(sink::Tree& tree, std::string_view path,
                                         const Sha256& digest, const sink::EntryResult& result) {
  RecordEntry entry;
  entry.path = path;
  entry.digest = digest;
  entry.size = result.size();
  if (result.kind() == sink::EntryResult::Kind::file) return entry;
  const auto found = os::status(tree.place(path, sink::MissingDirectories::are_an_error));
  if (!found || !os::is_regular(*found)) return std::nullopt;
  entry.size = found->size;
  return entry;
}

std::optional<RecordEntry> entry_of_link(sink::Tree& tree, std::string_view path,
                                         std::string_view target) {
  const auto said = os::read_link(tree.place(path, sink::MissingDirectories::are_an_error));
  if (said != target) return std::nullopt;
  RecordEntry entry;
  entry.kind = RecordEntry::Kind::link;
  entry.path = path;
  entry.target = target;
  return entry;
}

RecordEntry entry_of_directory(std::string_view path) {
  RecordEntry entry;
  entry.kind = RecordEntry::Kind::directory;
  entry.path = path;
  return entry;
}

RunRecord::RunRecord(const fs::path& file, PublishedFile::Durable durable,
                     const fs::path& directory, const RecordOrigin& origin)
    : file_(file, what, durable, directory) {
  if (file_.is_wanted_by_another()) {
    throw InputError(quoted(file.native()),
                     "another run is at work with this record: start this one when that has ended");
  }
  rest_ = read_record(file, origin);
  file_.write(record_heading(origin) + "\n");
}

void RunRecord::add(const RecordEntry& entry) {
  rest_.erase(entry.path);
  line_.clear();
  append_record_line(line_, entry);
  file_.write(line_);
}

std::vector<RecordEntry> RunRecord::rest() const {
  std::vector<RecordEntry> entries;
  entries.reserve(rest_.size());
  for (const auto& [path, entry] : rest_) entries.push_back(entry);
  std::sort(entries.begin(), entries.end(), is_before);
  return entries;
}

}  // namespace ream
