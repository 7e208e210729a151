#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "listing/walk.hpp"
#include "os/beneath.hpp"
#include "os/directory_walk.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/manifest.hpp"
#include "text/base64.hpp"
#include "text/json_text.hpp"

namespace ream {

namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

constexpr std::uint32_t permission_bits = 0777;
constexpr std::uint32_t special_bits = 07000;

// What stands in a line beside the content: a path and its key, mode and mtime.
constexpr std::uint64_t room_beside_content = std::uint64_t{64} << 10;

// Base64 makes four characters of three bytes, and text is carried only where it is shorter.
constexpr std::uint64_t largest_content_of_a_line =
    (longest_manifest_line - room_beside_content) / 4 * 3;

// As text where it is, unless base64 is shorter.
void append_content(std::string& out, std::string_view content) {
  const std::size_t before = out.size();
  constexpr std::string_view key = "\"content\": ";
  if (text::is_utf8(content)) {
    out += key;
    text::append_json_string(out, content);
    const std::size_t escaped = out.size() - before - key.size() - 2;  // without its quotes
    if (escaped <= text::base64_size(content.size())) return;
    out.resize(before);
  }
  out += "\"base64\": \"";
  text::append_base64(out, content);
  out += '"';
}

boost::filesystem::path absolute_path(const boost::filesystem::path& directory) {
  boost::system::error_code problem;
  auto path = boost::filesystem::canonical(directory, problem);
  if (problem) throw Error(Operation::inspect, directory.native(), problem.value());
  return path;
}

std::string_view kind_of(EntryType type) {
  switch (type) {
    case EntryType::fifo:
      return "a FIFO";
    case EntryType::socket:
      return "a socket";
    case EntryType::device:
      return "a device";
    default:
      return "what is neither file, directory nor link";
  }
}

// Why an entry is left out of the manifest, as a sentence.
class LeftOut : public std::runtime_error {
 public:
  LeftOut(std::string_view path, std::string_view why)
      : std::runtime_error(fmt::format("cannot describe {}: {}", quoted(path), why)) {}
};

class ManifestWriter {
 public:
  ManifestWriter(const boost::filesystem::path& directory, std::ostream& out,
                 const std::function<void(const std::string&)>& problem,
                 const ManifestWriterOptions& options)
      : out_(out),
        problem_(problem),
        largest_inline_(std::min(options.largest_inline, largest_content_of_a_line)),
        walk_(directory),
        directory_(absolute_path(directory)) {}

  std::uint64_t write() {
    while (out_ && next()) {
      write_entry();
      if (lines_.size() >= piece_size) flush();
    }
    flush();
    return written_;
  }

 private:
  bool next();
  void write_entry();
  void append_entry();
  void append_kind_and_attributes();
  void append_file();
  void append_directory();
  void append_link();
  void append_mode(std::uint32_t mode);
  void append_mtime(FileTime mtime);
  std::string_view read_all(const os::Fd& file, const os::Status& before);
  os::EntryStatus status() const;
  os::Status status(const os::Fd& file) const;
  [[noreturn]] void leave_out(std::string_view why) const { throw LeftOut(walk_.full_path(), why); }
  void flush();

  std::ostream& out_;
  const std::function<void(const std::string&)>& problem_;
  std::uint64_t largest_inline_;
  TreeWalk walk_;
  boost::filesystem::path directory_;
  std::string lines_;
  std::vector<char> content_;  // of one file, behind what is in use whatever a larger one left
  std::uint64_t written_ = 0;
};

bool ManifestWriter::next() {
  for (;;) {
    try {
      return walk_.next();
    } catch (const Error& unreadable_directory) {
      problem_(unreadable_directory.what());
    }
  }
}

void ManifestWriter::write_entry() {
  const std::size_t before = lines_.size();
  std::string why_not;
  try {
    append_entry();
    ++written_;
    return;
  } catch (const Error& error) {
    why_not = error.what();
  } catch (const LeftOut& left_out) {
    why_not = left_out.what();
  }
  lines_.resize(before);
  problem_(why_not);
}

void ManifestWriter::append_entry() {
  const auto problem = os::problem_with_path(walk_.path());
  if (!problem.empty()) leave_out(fmt::format("its path {}", problem));
  lines_ += '{';
  text::append_text_member(lines_, "path", walk_.path());
  lines_ += ", ";
  append_kind_and_attributes();
  lines_ += "}\n";
}

void ManifestWriter::append_kind_and_attributes() {
  switch (walk_.type()) {
    case EntryType::file:
      return append_file();
    case EntryType::directory:
      return append_directory();
    case EntryType::symlink:
      return append_link();
    default:
      leave_out(fmt::format("{} has no place in a manifest", kind_of(walk_.type())));
  }
}

void ManifestWriter::append_file() {
  const os::Fd file = os::open_for_reading(walk_.location());
  if (!file) os::throw_errno(Operation::open, walk_.full_path());
  const os::Status found = status(file);
  if (!os::is_regular(found)) leave_out("it was replaced while it was read");
  if (found.size > largest_inline_) {
    text::append_text_member(lines_, "from", (directory_ / walk_.path()).native());
  } else {
    append_content(lines_, read_all(file, found));
  }
  append_mode(found.mode);
  append_mtime(found.mtime);
}

void ManifestWriter::append_directory() {
  const os::EntryStatus found = status();
  lines_ += "\"directory\": true";
  append_mode(found.mode);
  append_mtime(found.mtime);
}

void ManifestWriter::append_link() {
  const auto target = walk_.link_target();
  if (!target) leave_out("it vanished while it was read");
  text::append_text_member(lines_, "symlink", *target);
  append_mtime(status().mtime);
}

void ManifestWriter::append_mode(std::uint32_t mode) {
  if ((mode & special_bits) != 0) {
    problem_(
        fmt::format("{} is described without its set-uid, set-gid or sticky bit, which has no "
                    "place in a manifest",
                    ream::quoted(walk_.full_path())));
  }
  fmt::format_to(std::back_inserter(lines_), ", \"mode\": \"{:04o}\"", mode & permission_bits);
}

void ManifestWriter::append_mtime(FileTime mtime) {
  lines_ += ", \"mtime\": \"";
  text::append_decimal(lines_, mtime);
  lines_ += '"';
}

// Reads one byte more than the file is said to have: a file that grew shows.
std::string_view ManifestWriter::read_all(const os::Fd& file, const os::Status& before) {
  const std::size_t size = before.size;
  if (content_.size() <= size) content_.resize(size + 1);
  const ssize_t got = os::read_full(file.get(), content_.data(), size + 1);
  if (got < 0) os::throw_errno(Operation::read, walk_.full_path());
  const bool changed = static_cast<std::size_t>(got) != size || status(file).mtime != before.mtime;
  if (changed) leave_out("it changed while it was read");
  return {content_.data(), size};
}

os::EntryStatus ManifestWriter::status() const {
  const auto found = walk_.status();
  if (!found) leave_out("it vanished while it was read");
  return *found;
}

os::Status ManifestWriter::status(const os::Fd& file) const {
  const auto found = os::status(file.get());
  if (!found) os::throw_errno(Operation::inspect, walk_.full_path());
  return *found;
}

void ManifestWriter::flush() {
  out_.write(lines_.data(), static_cast<std::streamsize>(lines_.size()));
  lines_.clear();
}

}  // namespace

std::uint64_t write_manifest(const boost::filesystem::path& directory, std::ostream& out,
                             const std::function<void(const std::string&)>& problem,
                             const ManifestWriterOptions& options) {
  return ManifestWriter(directory, out, problem, options).write();
}

}  // namespace ream
