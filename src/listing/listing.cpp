#include "ream/listing.hpp"

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cerrno>
#include <utility>

#include "listing/format.hpp"
#include "listing/walk.hpp"
#include "os/beneath.hpp"
#include "os/errors.hpp"

namespace ream {

namespace {

using DirectoryEntry = os::DirectoryContent::Entry;

// Far below the 64 descriptors that a careful user may allow the whole process.
constexpr std::size_t most_open_levels = 16;

constexpr std::size_t piece_size = std::size_t{256} << 10;

// Between the reading of a name and its use it was removed, or replaced by something of another
// type.
bool has_vanished(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP ||
         error_number == ESTALE;
}

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  const auto end = left.begin() + static_cast<std::ptrdiff_t>(shorter);
  return static_cast<std::size_t>(std::mismatch(left.begin(), end, right.begin()).first -
                                  left.begin());
}

// Names of one directory often begin alike ("info1", "info2", …): a key is made of what comes
// behind.
std::size_t common_prefix(const os::DirectoryContent& content) {
  if (content.entries().empty()) return 0;
  std::string_view prefix = content.name(content.entries().front());
  for (const auto& entry : content.entries()) {
    prefix = prefix.substr(0, common_prefix(prefix, content.name(entry)));
  }
  return prefix.size();
}

// The eight bytes of the name behind the first `skipped`, as a number in the order of the bytes.
std::uint64_t sort_key(std::string_view name, os::FileType type, std::size_t skipped) {
  std::array<unsigned char, 8> bytes{};
  const std::size_t copied = std::min(name.size() - skipped, bytes.size());
  std::copy_n(name.begin() + static_cast<std::ptrdiff_t>(skipped), copied, bytes.begin());
  if (type == os::FileType::directory && copied < bytes.size()) bytes[copied] = '/';
  return boost::endian::load_big_u64(bytes.data());
}

// What follows the first `length` bytes of a name, for names that are equal so far.
unsigned char byte_at(std::string_view name, os::FileType type, std::size_t length) {
  if (length < name.size()) return static_cast<unsigned char>(name[length]);
  return type == os::FileType::directory ? '/' : '\0';
}

bool sorts_before(const os::DirectoryContent& content, const DirectoryEntry& left,
                  const DirectoryEntry& right) {
  const auto left_name = content.name(left);
  const auto right_name = content.name(right);
  const std::size_t equal = common_prefix(left_name, right_name);
  return byte_at(left_name, left.type, equal) < byte_at(right_name, right.type, equal);
}

}  // namespace

EntryType entry_type(os::FileType type) noexcept {
  switch (type) {
    case os::FileType::regular:
      return EntryType::file;
    case os::FileType::directory:
      return EntryType::directory;
    case os::FileType::symlink:
      return EntryType::symlink;
    case os::FileType::fifo:
      return EntryType::fifo;
    case os::FileType::socket:
      return EntryType::socket;
    case os::FileType::character_device:
    case os::FileType::block_device:
      return EntryType::device;
    case os::FileType::unknown:
      break;
  }
  return EntryType::unknown;
}

TreeWalk::TreeWalk(const boost::filesystem::path& root) : root_(root) {
  const os::Fd found = os::open_root(root.c_str());
  os::Fd directory;
  if (found) directory = os::open_child_directory_for_reading({found.get(), "."});
  if (!directory) os::throw_errno(Operation::open_directory, root.native());
  if (!push(std::move(directory))) os::throw_errno(Operation::list, root.native());
}

bool TreeWalk::next() {
  while (used_levels_ > 0) {
    Level& level = levels_[used_levels_ - 1];
    if (level.next == level.order.size()) {
      pop();
    } else if (visit(level)) {
      return true;
    }
  }
  return false;
}

bool TreeWalk::visit(Level& level) {
  depth_ = used_levels_ - 1;
  ++level.next;
  path_.resize(level.path_length);
  if (depth_ > 0) path_ += '/';
  path_ += name();
  return type() != EntryType::directory || enter();
}

bool TreeWalk::enter() {
  os::Fd directory = os::open_child_directory_for_reading(location());
  if (!directory) {
    if (has_vanished(errno)) return false;
    os::throw_errno(Operation::open_directory, full_path());
  }
  if (push(std::move(directory))) return true;
  if (has_vanished(errno)) return false;
  os::throw_errno(Operation::list, full_path());
}

bool TreeWalk::push(os::Fd directory) {
  if (used_levels_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[used_levels_];
  if (!reader_.read(directory.get(), level.content)) return false;
  sort(level);
  level.directory = std::move(directory);
  level.next = 0;
  level.path_length = path_.size();
  ++used_levels_;
  close_far_level();
  return true;
}

void TreeWalk::pop() {
  --used_levels_;
  const os::Fd left = std::move(levels_[used_levels_].directory);
  if (used_levels_ == 0) return;
  Level& parent = levels_[used_levels_ - 1];
  if (!parent.directory) reopen(parent, left);
}

void TreeWalk::close_far_level() {
  if (used_levels_ <= most_open_levels) return;
  Level& level = levels_[used_levels_ - 1 - most_open_levels];
  if (!level.directory) return;  // since an earlier descent
  const auto identity = os::directory_identity(level.directory.get());
  if (!identity) os::throw_errno(Operation::inspect, full_path());
  level.identity = *identity;
  level.directory.reset();
}

// By "..", which leads elsewhere if `child` was moved meanwhile: the walk ends then.
void TreeWalk::reopen(Level& level, const os::Fd& child) {
  level.directory = os::open_child_directory({child.get(), ".."});
  if (level.directory && os::directory_identity(level.directory.get()) == level.identity) return;
  used_levels_ = 0;
  path_.resize(level.path_length);
  throw Error(Operation::open_directory, full_path(), ENOENT);
}

void TreeWalk::sort(Level& level) {
  const auto& content = level.content;
  const std::size_t skipped = common_prefix(content);
  level.order.clear();
  level.order.reserve(content.entries().size());
  for (const auto& entry : content.entries()) {
    level.order.push_back({sort_key(content.name(entry), entry.type, skipped), entry});
  }
  boost::sort::pdqsort(level.order.begin(), level.order.end(),
                       [&](const auto& left, const auto& right) {
                         if (left.key != right.key) return left.key < right.key;
                         return sorts_before(content, left.entry, right.entry);
                       });
}

const TreeWalk::SortedEntry& TreeWalk::current() const noexcept {
  const Level& level = levels_[depth_];
  return level.order[level.next - 1];
}

std::string_view TreeWalk::name() const noexcept {
  return levels_[depth_].content.name(current().entry);
}

bool TreeWalk::is_last_of_directory() const noexcept {
  return levels_[depth_].next == levels_[depth_].order.size();
}

os::Name TreeWalk::location() const noexcept {
  return {levels_[depth_].directory.get(), name().data()};
}

std::string TreeWalk::full_path() const {
  return (root_ / path_).native();
}

std::optional<os::EntryStatus> TreeWalk::status() const {
  const auto found = os::entry_status(location());
  if (!found && !has_vanished(errno)) os::throw_errno(Operation::inspect, full_path());
  if (!found) return std::nullopt;
  const bool is_directory = os::file_type(found->mode) == os::FileType::directory;
  if (is_directory != (type() == EntryType::directory)) return std::nullopt;
  return found;
}

std::optional<std::string> TreeWalk::link_target() const {
  auto target = os::read_link(location());
  const bool replaced = !target && errno == EINVAL;
  if (!target && !replaced && !has_vanished(errno)) os::throw_errno(Operation::read, full_path());
  return target;
}

std::vector<Entry> list_directory(const boost::filesystem::path& directory) {
  std::vector<Entry> entries;
  TreeWalk walk(directory);
  while (walk.next()) entries.push_back({walk.path(), walk.type()});
  return entries;
}

void write_listing(const boost::filesystem::path& directory, const ListOptions& options,
                   const std::function<void(std::string_view)>& write) {
  if (options.format == ListFormat::none) return;
  TreeWalk walk(directory);
  const auto formatter = make_formatter(directory, options);
  std::string piece;
  formatter->begin(piece);
  while (walk.next()) {
    formatter->append(walk, piece);
    if (piece.size() < piece_size) continue;
    write(piece);
    piece.clear();
  }
  formatter->end(piece);
  if (!piece.empty()) write(piece);
}

}  // namespace ream
