#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstring>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "listing/json_text.hpp"
#include "listing/walk.hpp"
#include "os/beneath.hpp"
#include "os/directory_walk.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/manifest.hpp"

namespace ream {

namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

constexpr std::size_t group_size = sizeof(std::uint64_t);

constexpr std::uint32_t permission_bits = 0777;
constexpr std::uint32_t special_bits = 07000;

// What stands in a line beside the content: a path and its key, mode and mtime.
constexpr std::uint64_t room_beside_content = std::uint64_t{64} << 10;

// Base64 makes four characters of three bytes, and text is carried only where it is shorter.
constexpr std::uint64_t largest_content_of_a_line =
    (longest_manifest_line - room_beside_content) / 4 * 3;

// What follows the backslash of a byte that JSON escapes with one letter; NUL for the others.
constexpr auto make_escape_letters() {
  std::array<char, 256> letters{};
  constexpr std::string_view bytes = "\b\t\n\f\r\"\\";
  constexpr std::string_view escapes = "btnfr\"\\";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    letters[static_cast<unsigned char>(bytes[i])] = escapes[i];
  }
  return letters;
}

constexpr auto escape_letters = make_escape_letters();

std::size_t base64_size(std::string_view bytes) {
  return (bytes.size() + 2) / 3 * 4;
}

char* put_escaped(char* out, char character) {
  const auto byte = static_cast<unsigned char>(character);
  if (escape_letters[byte] != '\0') {
    *out++ = '\\';
    *out++ = escape_letters[byte];
  } else if (byte < 0x20) {
    out = fmt::format_to(out, FMT_COMPILE("\\u{:04x}"), byte);
  } else {
    *out++ = character;
  }
  return out;
}

// How many of eight bytes, the lowest first, come before one that needs an escape. A byte of each
// term has its high bit set where it is below 0x20, a quote or a backslash; a borrow can spoil only
// bytes above such a one.
std::size_t plain_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  const std::uint64_t quotes = bytes ^ (ones * '"');
  const std::uint64_t backslashes = bytes ^ (ones * '\\');
  const std::uint64_t found = ((bytes - ones * 0x20) & ~bytes) | ((quotes - ones) & ~quotes) |
                              ((backslashes - ones) & ~backslashes);
  return static_cast<std::size_t>(std::countr_zero(found & high)) / 8;
}

// Escapes the first eight bytes of `text`, or those up to and with the first that needs it.
char* put_escaped_group(char* out, std::string_view& text) {
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
  const std::size_t plain = plain_bytes(boost::endian::load_little_u64(bytes));
  std::memcpy(out, bytes, group_size);
  if (plain == group_size) {
    text.remove_prefix(group_size);
    return out + group_size;
  }
  out = put_escaped(out + plain, text[plain]);
  text.remove_prefix(plain + 1);
  return out;
}

// Appends `text` as it stands in a JSON string; false, and nothing is appended, where that would
// take more than `most` characters. For whole files, which is most of a manifest's work: 1.2 GB/s of
// C++ sources, where Boost.JSON's serializer makes 0.5.
bool append_escaped(std::string& out, std::string_view text, std::size_t most) {
  constexpr std::size_t most_of_a_group = 16;
  const std::size_t before = out.size();
  out.resize(before + most + most_of_a_group);
  char* to = out.data() + before;
  const char* const end = to + most;
  while (text.size() >= group_size && to <= end) to = put_escaped_group(to, text);
  for (; !text.empty() && to <= end; text.remove_prefix(1)) to = put_escaped(to, text.front());
  const bool fits = to <= end;
  out.resize(fits ? static_cast<std::size_t>(to - out.data()) : before);
  return fits;
}

// As text where it is, unless base64 is shorter.
void append_content(std::string& out, std::string_view content) {
  const std::size_t before = out.size();
  out += "\"content\": \"";
  if (!is_utf8(content) || !append_escaped(out, content, base64_size(content))) {
    out.resize(before);
    out += "\"base64\": \"";
    append_base64(out, content);
  }
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
  append_text_member(lines_, "path", walk_.path());
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
    append_text_member(lines_, "from", (directory_ / walk_.path()).native());
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
  append_text_member(lines_, "symlink", *target);
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
  append_decimal(lines_, mtime);
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
