#include "sink/run_mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <random>
#include <utility>

#include "os/beneath.hpp"
#include "os/directory_walk.hpp"
#include "os/process.hpp"

namespace ream::sink {

namespace {

constexpr std::string_view mark = ".ream-";
constexpr std::string_view lock_suffix = ".lock";
constexpr std::size_t token_length = 16;
// Leaves room for the mark, the token, and what a run appends to them.
constexpr std::size_t longest_stem = 180;

// ".STEM.ream-", and ".ream-" where the stem is empty. What is too long to be part of a name is
// told by its hash.
std::string prefix_of(std::string_view stem) {
  if (stem.empty()) return std::string(mark);
  if (stem.size() <= longest_stem) return fmt::format(".{}{}", stem, mark);
  const auto hash = std::hash<std::string_view>{}(stem);
  return fmt::format(".{}~{:016x}{}", stem.substr(0, longest_stem), hash, mark);
}

bool is_token(std::string_view text) {
  return text.size() == token_length && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string lock_file(std::string_view name) {
  return fmt::format("{}{}", name, lock_suffix);
}

std::uint64_t random_token() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// The name that a lock file protects, where `file` is the name of one.
std::optional<std::string> marked_name(std::string_view file, std::string_view prefix) {
  if (!file.starts_with(prefix) || !file.ends_with(lock_suffix)) return std::nullopt;
  const auto name = file.substr(0, file.size() - lock_suffix.size());
  if (name.size() < prefix.size() || !is_token(name.substr(prefix.size()))) return std::nullopt;
  return std::string(name);
}

// Whether the locked file is still the one with that name: who held the lock before may have
// removed it meanwhile.
bool has_name(const os::Fd& lock, os::Name name) {
  const auto locked = os::status(lock.get());
  const auto named = os::status(name);
  return locked && named && locked->identity == named->identity;
}

// Other runs that take a lock in the moment before it is locked are few.
constexpr int most_attempts = 10;

bool is_own_lock_file(const os::Status& status) {
  return os::is_regular(status) && status.owner == os::effective_user() && status.size == 0 &&
         status.names == 1;
}

// Empty: it is no lock of a dead run.
os::Fd take_dead_lock(os::Name name) {
  auto lock = os::open_for_locking(name);
  const auto found = lock ? os::status(lock.get()) : std::nullopt;
  if (!found || !is_own_lock_file(*found)) return {};
  if (!os::try_lock(lock.get()) || !has_name(lock, name)) return {};
  return lock;
}

bool is_locked(os::Name name) {
  const auto lock = os::open_for_locking(name);
  return lock && !os::try_lock(lock.get()) && errno == EWOULDBLOCK;
}

bool read_directory(int directory, os::DirectoryContent& content) {
  const auto readable = os::open_child_directory_for_reading({directory, "."});
  return readable && os::DirectoryReader().read(readable.get(), content);
}

}  // namespace

RunMark::RunMark(int directory, std::string_view stem, std::string_view place)
    : directory_(directory) {
  for (int attempt = 1; attempt <= most_attempts; ++attempt) {
    name_ = fmt::format("{}{:016x}", prefix_of(stem), random_token());
    if (make_lock(place)) return;
  }
  throw Error(Operation::lock, fmt::format("{}/{}", place, lock_file(name_)), EAGAIN);
}

// False: another run took it for a dead one's, or looked whether it lives, in the moment before it
// was locked.
bool RunMark::make_lock(std::string_view place) {
  const auto file = lock_file(name_);
  const os::Name name{directory_, file.c_str()};
  lock_ = os::create_exclusive(name, 0600);
  if (!lock_) os::throw_errno(Operation::create, fmt::format("{}/{}", place, file));
  if (os::try_lock(lock_.get())) {
    if (has_name(lock_, name)) return true;
    os::remove_file(name);
    return false;
  }
  const int error_number = errno;
  os::remove_file(name);
  if (error_number == EWOULDBLOCK) return false;
  throw Error(Operation::lock, fmt::format("{}/{}", place, file), error_number);
}

RunMark::RunMark(int directory, std::string name, os::Fd lock) noexcept
    : directory_(directory), name_(std::move(name)), lock_(std::move(lock)) {}

RunMark::RunMark(RunMark&& other) noexcept = default;

RunMark::~RunMark() {
  remove();
}

bool RunMark::remove() noexcept {
  if (!lock_) return true;
  const bool removed = os::remove_file({directory_, lock_name().c_str()}) || errno == ENOENT;
  const int error_number = errno;
  lock_.reset();
  errno = error_number;
  return removed;
}

std::string RunMark::lock_name() const {
  return lock_file(name_);
}

std::string RunMark::temporary_prefix() const {
  return fmt::format("{}{}.", mark, name_.substr(name_.size() - token_length));
}

bool other_run_lives(int directory, std::string_view stem, const RunMark& own) {
  os::DirectoryContent content;
  if (!read_directory(directory, content)) return false;
  const auto prefix = prefix_of(stem);
  return std::any_of(content.entries().begin(), content.entries().end(), [&](const auto& entry) {
    const auto file = content.name(entry);
    const auto name = marked_name(file, prefix);
    return name && *name != own.name() && is_locked({directory, file.data()});
  });
}

std::vector<RunMark> dead_runs(int directory, std::string_view stem, std::string_view place) {
  std::vector<RunMark> dead;
  os::DirectoryContent content;
  if (!read_directory(directory, content)) os::throw_errno(Operation::list, place);
  const auto prefix = prefix_of(stem);
  for (const auto& entry : content.entries()) {
    const auto file = content.name(entry);
    auto name = marked_name(file, prefix);
    if (!name) continue;
    auto lock = take_dead_lock({directory, file.data()});
    if (lock) dead.push_back(RunMark(directory, std::move(*name), std::move(lock)));
  }
  return dead;
}

}  // namespace ream::sink
