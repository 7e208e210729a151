#include "batch/prune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "sink/file_digest.hpp"
#include "sink/tree.hpp"

namespace ream {

namespace {

namespace fs = boost::filesystem;
using sink::MissingDirectories;

// Equal for two paths that a filesystem may take for one. How it folds what is beyond ASCII differs
// from one to the other, so each such component is like each other.
std::string folded(std::string_view path) {
  std::string result;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto component = path.substr(begin, end - begin);
    const bool ascii = std::none_of(component.begin(), component.end(),
                                    [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
    if (!ascii) result += '\x80';
    for (const char c : ascii ? component : std::string_view()) {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    result += '/';
    begin = end + 1;
  }
  return result;
}

using Identities = std::vector<os::FileIdentity>;  // sorted

bool is_before(const os::FileIdentity& a, const os::FileIdentity& b) {
  return std::tie(a.device, a.inode) < std::tie(b.device, b.inode);
}

bool contains(const Identities& identities, const os::FileIdentity& wanted) {
  return std::binary_search(identities.begin(), identities.end(), wanted, is_before);
}

std::optional<os::Status> look_at(sink::Tree& tree, std::string_view path) {
  try {
    return os::status(tree.place(path, MissingDirectories::are_an_error));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Which files the plan's entries are whose names are nearly those of stale ones.
Identities twins_in_the_plan(int root, const std::vector<RecordEntry>& stale, const Plan& plan) {
  std::unordered_set<std::string> names;
  for (const auto& entry : stale) names.insert(folded(entry.path));
  sink::Tree tree(root);
  Identities twins;
  const auto scratch = plan.make_scratch();
  for (std::uint64_t index = 0; index < plan.size(); ++index) {
    const auto path = plan.job(index, *scratch).path;
    if (!names.contains(folded(path))) continue;
    if (const auto found = look_at(tree, path)) twins.push_back(found->identity);
  }
  std::sort(twins.begin(), twins.end(), is_before);
  return twins;
}

// What a worker leaves of one entry.
struct Outcome {
  enum class Kind : std::uint8_t { none, gone, removed, twin, changed, in_the_way, failure };
  Kind kind;
  Operation operation;
  Reason reason;
  int error_number;
};

bool is_same_state(const os::Status& a, const os::Status& b) {
  return a.identity == b.identity && a.size == b.size && a.mtime == b.mtime;
}

// One for each process.
class Remover {
 public:
  Remover(int root, const Identities& twins, Removal removal)
      : tree_(root), twins_(twins), removal_(removal) {}

  Outcome remove(const RecordEntry& entry) {
    try {
      return {remove_if_ours(entry), {}, {}, 0};
    } catch (const Error& error) {
      // Beneath what is no directory there is nothing.
      const bool gone = error.error_number() == ENOENT || error.reason() == Reason::file_in_the_way;
      const bool other = error.reason() == Reason::link_in_the_way;
      const auto kind = gone    ? Outcome::Kind::gone
                        : other ? Outcome::Kind::in_the_way
                                : Outcome::Kind::failure;
      return {kind, error.operation(), error.reason(), error.error_number()};
    }
  }

 private:
  Outcome::Kind remove_if_ours(const RecordEntry& entry) {
    const auto name = tree_.place(entry.path, MissingDirectories::are_an_error);
    const auto found = os::status(name);
    if (!found) os::throw_errno(Operation::inspect, entry.path);
    if (contains(twins_, found->identity)) return Outcome::Kind::twin;
    if (!is_as_recorded(name, *found, entry)) return Outcome::Kind::changed;
    const auto now = os::status(name);
    if (now && !is_same_state(*now, *found)) return Outcome::Kind::changed;
    if (removal_ == Removal::is_done && !os::remove_file(name)) {
      os::throw_errno(Operation::remove, entry.path);
    }
    return Outcome::Kind::removed;
  }

  bool is_as_recorded(os::Name name, const os::Status& found, const RecordEntry& entry) {
    if (entry.kind == RecordEntry::Kind::link) {
      return os::is_link(found) && os::read_link(name) == entry.target;
    }
    return os::is_regular(found) && found.size == entry.size &&
           digester_.digest_of(name, entry.path).digest == entry.digest;
  }

  sink::Tree tree_;
  sink::FileDigester digester_;
  const Identities& twins_;
  const Removal removal_;
};

// Those of a record, crossed out where the plan has them.
class PathsToFind {
 public:
  explicit PathsToFind(const std::vector<RecordEntry>& entries) {
    for (const auto& entry : entries) {
      paths_.insert(entry.path);
      if (entry.kind == RecordEntry::Kind::directory) directories_.insert(entry.path);
    }
  }

  void find(std::string_view path) {
    paths_.erase(path);
    auto parent = os::parent_of(path);
    if (parent == last_parent_) return;
    last_parent_ = parent;
    for (; !parent.empty(); parent = os::parent_of(parent)) {
      if (const auto needed = directories_.find(parent); needed != directories_.end()) {
        paths_.erase(*needed);
      }
    }
  }

  bool was_found(const RecordEntry& entry) const { return !paths_.contains(entry.path); }

 private:
  std::unordered_set<std::string_view> paths_;
  std::unordered_set<std::string_view> directories_;
  std::string last_parent_;
};

class Pruning {
 public:
  Pruning(int root, const fs::path& shown, const std::vector<RecordEntry>& stale, const Plan& plan,
          Removal removal)
      : root_(root),
        shown_(shown),
        twins_(twins_in_the_plan(root, stale, plan)),
        removal_(removal) {
    for (const auto& entry : stale) {
      const bool directory = entry.kind == RecordEntry::Kind::directory;
      (directory ? directories_ : files_).push_back(&entry);
    }
  }

  Pruned run(const PoolOptions& options) {
    remove_files(options);
    if (removal_ == Removal::is_done) remove_directories();
    return std::move(result_);
  }

 private:
  void remove_files(PoolOptions options) {
    options.keep_going = true;
    Remover remover(root_, twins_, removal_);
    const auto run = run_jobs<Outcome>(
        files_.size(),
        [&](std::uint64_t index, Job<Outcome>& job) {
          job.result() = remover.remove(*files_[index]);
        },
        {}, options);
    for (std::uint64_t index = 0; index < run.size(); ++index) {
      count(*files_[index], run.state(index) == JobState::done ? run.result(index) : Outcome{});
    }
    if (result_.trouble.empty()) result_.trouble = run.trouble();
    result_.stopped_by = run.stopped_by();
  }

  void count(const RecordEntry& entry, const Outcome& outcome) {
    using Kind = Outcome::Kind;
    switch (outcome.kind) {
      case Kind::removed:
        result_.removed.push_back(entry.path);
        return;
      case Kind::gone:
      case Kind::twin:
        return;
      case Kind::changed:
        result_.kept.push_back(fmt::format(
            "kept {}: the manifest does not have it any more, but it was changed since it was "
            "written",
            path_of(entry)));
        return;
      case Kind::in_the_way:
        result_.kept.push_back(
            fmt::format("kept {}: {}", path_of(entry), to_string(outcome.reason)));
        return;
      case Kind::failure:
        fail(text_of(entry, outcome));
        break;
      case Kind::none:
        break;
    }
    result_.left.push_back(entry);
  }

  // Names sort a directory before what is in it.
  void remove_directories() {
    sink::Tree tree(root_);
    for (auto entry = directories_.rbegin(); entry != directories_.rend(); ++entry) {
      const auto found = look_at(tree, (*entry)->path);
      if (!found || !os::is_directory(*found)) continue;
      const bool removed =
          !contains(twins_, found->identity) &&
          os::remove_if_empty(tree.place((*entry)->path, MissingDirectories::are_an_error));
      if (removed) {
        ++result_.removed_directories;
      } else {
        result_.left.push_back(**entry);
      }
    }
  }

  void fail(std::string text) {
    if (result_.trouble.empty()) result_.trouble = std::move(text);
  }

  std::string path_of(const RecordEntry& entry) const {
    return quoted((shown_ / entry.path).native());
  }

  std::string text_of(const RecordEntry& entry, const Outcome& outcome) const {
    return describe_failure(outcome.operation, (shown_ / entry.path).native(), outcome.error_number,
                            outcome.reason);
  }

  int root_;
  const fs::path& shown_;
  const Identities twins_;
  const Removal removal_;
  std::vector<const RecordEntry*> files_;
  std::vector<const RecordEntry*> directories_;
  Pruned result_;
};

}  // namespace

Stale find_stale(const std::vector<RecordEntry>& entries, const Plan& plan) {
  if (entries.empty()) return {};
  PathsToFind paths(entries);
  const auto scratch = plan.make_scratch();
  for (std::uint64_t index = 0; index < plan.size(); ++index) {
    paths.find(plan.job(index, *scratch).path);
  }
  Stale result;
  for (const auto& entry : entries) {
    (paths.was_found(entry) ? result.still_planned : result.stale).push_back(entry);
  }
  return result;
}

Pruned prune(int root, const fs::path& shown, const std::vector<RecordEntry>& stale,
             const Plan& plan, const PoolOptions& options, Removal removal) {
  if (stale.empty()) return {};
  return Pruning(root, shown, stale, plan, removal).run(options);
}

}  // namespace ream
