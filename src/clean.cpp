#include "batch/clean_before_a_batch.hpp"

#include <optional>
#include <string>

#include "listing/walk.hpp"
#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/process.hpp"
#include "os/remove_tree.hpp"
#include "ream/clean.hpp"
#include "sink/run_mark.hpp"
#include "sink/target.hpp"

namespace ream {

namespace fs = boost::filesystem;

namespace {

// The system's user may have given a directory to another before it died.
bool may_be_own(const os::Status& status) {
  return status.owner == os::effective_user() || os::effective_user() == 0;
}

// To read a directory of a million entries takes a while.
enum class Where { everywhere, beside };

class Cleaning {
 public:
  Cleaning(const sink::Target& target, Where where) : target_(target), where_(where) {}

  std::vector<fs::path> run() {
    if (!target_.name.empty()) clean_beside();
    if (target_.directory && where_ == Where::everywhere) clean_marks_within();
    if (problem_) throw *problem_;
    return std::move(removed_);
  }

 private:
  void clean_beside() {
    const auto parent = os::open_root(target_.parent.c_str());
    if (!parent) return;  // nothing was ever written there
    for (auto& mark : sink::dead_runs(parent.get(), target_.name, target_.parent.native())) {
      attempt(mark, [&] {
        remove_hidden(parent.get(), target_.path.parent_path(), mark);
        remove_temporaries(mark);
      });
    }
  }

  void clean_marks_within() {
    const auto path = target_.path.native();
    for (auto& mark : sink::dead_runs(target_.directory.get(), "", path)) {
      attempt(mark, [&] {
        remove_hidden(target_.directory.get(), target_.path, mark);  // of a benchmark
        remove_temporaries(mark);
      });
    }
  }

  // What cannot be removed keeps its mark, for the next attempt.
  template <class Action>
  void attempt(sink::RunMark& mark, Action action) {
    try {
      action();
    } catch (const Error& error) {
      mark.keep();
      if (!problem_) problem_ = error;
    }
  }

  void remove_hidden(int parent, const fs::path& parent_path, const sink::RunMark& mark) {
    const os::Name name{parent, mark.name().c_str()};
    const auto found = os::status(name);
    if (!found || !may_be_own(*found)) return;
    const auto path = parent_path / mark.name();
    if (!os::is_directory(*found)) return remove_temporary(name, path.native());  // a checksum file
    if (!os::remove_tree(name)) os::throw_errno(Operation::remove, path.native());
    removed_.push_back(path);
  }

  void remove_temporaries(const sink::RunMark& mark) {
    if (!target_.directory) return;
    const auto prefix = mark.temporary_prefix();
    TreeWalk walk(target_.path);
    std::optional<Error> problem;
    for (bool more = true; more;) {
      try {
        more = walk.next();
        if (more && walk.name().starts_with(prefix)) {
          remove_temporary(walk.location(), walk.full_path());
        }
      } catch (const Error& error) {  // the walk goes on behind what it cannot read
        if (!problem) problem = error;
      }
    }
    if (problem) throw *problem;
  }

  void remove_temporary(os::Name name, const std::string& path) {
    const auto found = os::status(name);
    const bool temporary = found && (os::is_regular(*found) || os::is_link(*found));
    if (!temporary || !may_be_own(*found)) return;
    if (!os::remove_file(name)) os::throw_errno(Operation::remove, path);
    removed_.push_back(path);
  }

  const sink::Target& target_;
  const Where where_;
  std::vector<fs::path> removed_;
  std::optional<Error> problem_;
};

}  // namespace

std::vector<fs::path> clean(const fs::path& directory) {
  const sink::Target target(directory);
  auto removed = Cleaning(target, Where::everywhere).run();
  if (!target.directory || (!target.name.empty() && !target.by_link)) return removed;
  // Another run may have been given the name that the directory itself has.
  const sink::Target real(sink::real_path(directory));
  for (auto& path : Cleaning(real, Where::beside).run()) removed.push_back(std::move(path));
  return removed;
}

void clean_before_a_batch(const fs::path& path) {
  try {
    const sink::Target target(path);
    const auto where = sink::is_marked_beside(target) ? Where::beside : Where::everywhere;
    Cleaning(target, where).run();
  } catch (const Error&) {
  }
}

}  // namespace ream
