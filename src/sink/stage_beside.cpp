#include <cerrno>
#include <optional>

#include "os/beneath.hpp"
#include "os/directory_attributes.hpp"
#include "os/errors.hpp"
#include "os/remove_tree.hpp"
#include "os/rename.hpp"
#include "os/sync.hpp"
#include "os/working_directories.hpp"
#include "sink/made_directories.hpp"
#include "sink/run_mark.hpp"
#include "sink/stage.hpp"

namespace ream::sink {

namespace {

using Found = Target::Found;

// What is published lies one level deeper than the directory that hides it: so it gets the mode,
// the group and the ACLs that mkdir(2) gives to any directory there, whatever the umask is.
constexpr const char* tree_name = "tree";

void refuse(const Target& target, Reason reason) {
  throw Error(Operation::publish, target.path.native(), 0, reason);
}

// Goes with all that is in it. Where something is left its mark stays too, for 'ream clean'.
class HiddenDirectory {
 public:
  // Throws Error that names `place`.
  HiddenDirectory(int parent, RunMark& mark, std::string_view place)
      : mark_(mark), name_{parent, mark.name().c_str()} {
    const bool made = os::make_new_directory(name_, 0700);
    if (made) fd_ = os::open_child_directory(name_);
    if (fd_) return;
    const int error_number = errno;
    if (made) remove_or_keep_mark();
    throw Error(Operation::create_directory, std::string(place), error_number);
  }
  ~HiddenDirectory() { remove_or_keep_mark(); }
  HiddenDirectory(const HiddenDirectory&) = delete;
  HiddenDirectory& operator=(const HiddenDirectory&) = delete;

  int fd() const noexcept { return fd_.get(); }

  // Nothing in it is ever removed.
  void leave() noexcept { removed_ = true; }

  // False where something is left of it: errno says why.
  bool remove() noexcept { return removed_ || (removed_ = os::remove_tree(name_)); }

 private:
  void remove_or_keep_mark() noexcept {
    if (!remove()) mark_.keep();
  }

  RunMark& mark_;
  os::Name name_;
  os::Fd fd_;
  bool removed_ = false;
};

class StageBeside final : public Stage {
 public:
  StageBeside(const Target& target, IfExists if_exists) : target_(target) {
    check_place_of_stage(target, if_exists);
    parent_ = target.parent_directory ? os::open_again(target.parent_directory)
                                      : made_.make(target.parent);
    if (!parent_) os::throw_errno(Operation::open_directory, target.parent.native());
    mark_.emplace(parent_.get(), target.name, target.parent.native());
    hidden_.emplace(parent_.get(), *mark_, target.path.native());
    if (os::make_new_directory(tree(), 0777)) root_ = os::open_child_directory(tree());
    if (!root_) os::throw_errno(Operation::create_directory, target.path.native());
    if (target.found == Found::populated_directory && !can_exchange())
      refuse(target, Reason::no_exchange);
  }

  bool is_private() const noexcept override { return true; }
  FileNaming naming() const override { return {.alone = true}; }

  void prepare() override {
    if (target_.found == Found::nothing) return;
    if (os::copy_directory_attributes(target_.directory.get(), root_.get())) return;
    os::throw_errno(Operation::publish, target_.path.native());
  }

  void publish() override {
    if (!put_in_place()) fail_to_publish();
    made_.keep();
  }

  void sync_publication() override {
    made_.sync();
    if (os::sync_directory({parent_.get(), "."})) return;
    os::throw_errno(Operation::sync, target_.parent.native());
  }

  // The old tree is where the new one was.
  void keep_replaced() noexcept override {
    keeps_replaced_ = target_.found == Found::populated_directory;
  }

  void tidy() override {
    if (keeps_replaced_) {
      hidden_->leave();
      mark_->keep();
      throw Error(Operation::remove, hidden_path(), 0, Reason::old_is_kept);
    }
    if (!hidden_->remove()) os::throw_errno(Operation::remove, hidden_path());
    if (!mark_->remove()) os::throw_errno(Operation::remove, beside(mark_->lock_name()));
  }

 private:
  os::Name tree() const noexcept { return {hidden_->fd(), tree_name}; }
  os::Name place() const noexcept { return {parent_.get(), target_.name.c_str()}; }

  std::string beside(const std::string& name) const {
    return (target_.path.parent_path() / name).native();
  }
  std::string hidden_path() const { return beside(mark_->name()); }

  bool put_in_place() {
    switch (target_.found) {
      case Found::nothing:
        return os::rename_new(tree(), place());
      case Found::populated_directory:
        return os::exchange(tree(), place()) && took_what_was_found();
      default:
        return os::rename_over(tree(), place());
    }
  }

  // Tried before anything is written, with what has no name but here.
  bool can_exchange() const noexcept {
    const os::Name other{hidden_->fd(), "other"};
    if (!os::make_new_directory(other, 0700)) return true;  // publish() will tell
    const bool can = os::exchange(tree(), other) && os::exchange(tree(), other);
    const int error_number = errno;
    os::remove_if_empty(other);
    return can || error_number != EINVAL;
  }

  // Something else may have come to the name while the batch was written. It goes back at once.
  bool took_what_was_found() {
    if (tree_is(target_.status.identity)) return true;
    const auto own = os::status(root_.get());
    if (os::exchange(tree(), place()) && own && tree_is(own->identity)) {
      errno = EEXIST;
      return false;
    }
    // What had come to the name is there, or what came to it after that.
    hidden_->leave();
    throw Error(Operation::publish, hidden_path(), EEXIST);
  }

  bool tree_is(const os::FileIdentity& wanted) const noexcept {
    const auto found = os::status(tree());
    return found && found->identity == wanted;
  }

  [[noreturn]] void fail_to_publish() const {
    const int error_number = errno;
    const bool cannot = target_.found == Found::populated_directory && error_number == EINVAL;
    throw Error(Operation::publish, target_.path.native(), cannot ? 0 : error_number,
                cannot ? Reason::no_exchange : Reason::none);
  }

  const Target& target_;
  bool keeps_replaced_ = false;
  MadeDirectories made_;
  os::Fd parent_;
  std::optional<RunMark> mark_;
  std::optional<HiddenDirectory> hidden_;  // before the mark goes
};

}  // namespace

void check_place_of_stage(const Target& target, IfExists if_exists) {
  if (target.found == Found::something_else) {
    throw Error(Operation::open_directory, target.path.native(), ENOTDIR);
  }
  if (target.name.empty()) refuse(target, Reason::not_replaceable);
  if (target.found == Found::nothing) return;
  if (target.status.mount_point) refuse(target, Reason::mount_point);
  if (os::holds_working_directory(target.status.identity))
    refuse(target, Reason::working_directory);
  const bool in_the_way = target.found == Found::populated_directory;
  if (in_the_way && if_exists != IfExists::replace) refuse(target, Reason::not_empty);
}

std::unique_ptr<Stage> stage_beside(const Target& target, IfExists if_exists) {
  return std::make_unique<StageBeside>(target, if_exists);
}

}  // namespace ream::sink
