#include <optional>
#include <string>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/rename.hpp"
#include "sink/made_directories.hpp"
#include "sink/run_mark.hpp"
#include "sink/stage.hpp"

namespace ream::sink {

namespace {

// It is there as soon as the target is.
os::Fd parent_of(const Target& target) {
  return target.parent_directory ? os::open_again(target.parent_directory)
                                 : os::open_root(target.parent.c_str());
}

// The mark of a run whose files have other names until they are complete. It stands beside the
// target where it can: the target's own time of change would tell of it otherwise.
class FileMark {
 public:
  FileMark(const Target& target, int root)
      : beside_(target.path.parent_path()),
        within_(target.path),
        parent_(is_marked_beside(target) ? parent_of(target) : os::Fd()),
        mark_(parent_ ? RunMark(parent_.get(), target.name, target.parent.native())
                      : RunMark(root, "", target.path.native())) {}

  std::string temporary_prefix() const { return mark_.temporary_prefix(); }

  void keep() noexcept { mark_.keep(); }

  void remove() {
    if (mark_.remove()) return;
    const auto& place = parent_ ? beside_ : within_;
    os::throw_errno(Operation::remove, (place / mark_.lock_name()).native());
  }

 private:
  boost::filesystem::path beside_;
  boost::filesystem::path within_;
  os::Fd parent_;
  RunMark mark_;
};

class StageInPlace : public Stage {
 public:
  explicit StageInPlace(const Target& target) {
    root_ = target.directory ? os::open_again(target.directory) : made_.make(target.path);
    if (!root_) os::throw_errno(Operation::open_directory, target.path.native());
  }

  bool is_private() const noexcept override { return false; }
  void publish() override { made_.keep(); }
  void sync_publication() override { made_.sync(); }

 private:
  MadeDirectories made_;
};

class StageOfWholeFiles final : public StageInPlace {
 public:
  StageOfWholeFiles(const Target& target, IfExists if_exists, FilesAppear appear)
      : StageInPlace(target), appear_(appear), unnamed_(os::unnamed_files(root())) {
    const bool replaces = if_exists == IfExists::replace || if_exists == IfExists::update;
    const bool needs_names = replaces || appear == FilesAppear::together;
    if (unnamed_ == os::UnnamedFiles::fast && !needs_names) return;
    try {
      mark_.emplace(target, root());
    } catch (const Error&) {  // only what lies deeper may be written
      if (unnamed_ == os::UnnamedFiles::none || needs_names) throw;
    }
  }

  FileNaming naming() const override {
    return {appearance(), mark_ ? mark_->temporary_prefix() : std::string()};
  }

  void keep_mark() noexcept override {
    if (mark_) mark_->keep();
  }

  void tidy() override {
    if (mark_) mark_->remove();
  }

 private:
  Appearance appearance() const noexcept {
    if (appear_ == FilesAppear::together) return Appearance::later;
    const bool unnamed = unnamed_ == os::UnnamedFiles::fast || !mark_;
    return unnamed ? Appearance::unnamed : Appearance::temporary;
  }

  FilesAppear appear_;
  os::UnnamedFiles unnamed_;
  std::optional<FileMark> mark_;
};

}  // namespace

std::unique_ptr<Stage> stage_in_place(const Target& target) {
  return std::make_unique<StageInPlace>(target);
}

std::unique_ptr<Stage> stage_file_by_file(const Target& target, IfExists if_exists,
                                          FilesAppear appear) {
  return std::make_unique<StageOfWholeFiles>(target, if_exists, appear);
}

}  // namespace ream::sink
