// Where a batch is written, and how it becomes visible there: made before the first file, prepared
// and published after the last, tidied where nothing comes of it.
#pragma once

#include <memory>

#include "os/fd.hpp"
#include "sink/entry_writer.hpp"
#include "sink/target.hpp"

namespace ream::sink {

class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;  // nothing is left of what was not published

  // The directory beneath which the batch is written. Only names: it is opened with O_PATH.
  int root() const noexcept { return root_.get(); }

  // Whether nothing of the batch can be seen before publish(), and nobody else writes there.
  virtual bool is_private() const noexcept = 0;

  // How files come to their names there.
  virtual FileNaming naming() const { return {}; }

  // Gives the root what it will need when it is published. Throws Error.
  virtual void prepare() {}

  // Makes the batch visible. Throws Error; nothing is visible then of a private stage.
  virtual void publish() = 0;

  // Brings to the disk that it is visible: the names above the root, where they have changed.
  // Throws Error.
  virtual void sync_publication() = 0;

  // Lets what was replaced stay, since the new may not last. tidy() then throws Error that names
  // it.
  virtual void keep_replaced() noexcept {}

  // Lets the mark of this run stay, since something is left that it tells of.
  virtual void keep_mark() noexcept {}

  // Removes what was replaced, or what was not published. Throws Error.
  virtual void tidy() {}

 protected:
  os::Fd root_;
};

// Writes into the target itself, which is made, parents too, where it is absent. Throws Error.
std::unique_ptr<Stage> stage_in_place(const Target& target);

// The same, where each file appears whole: all of them later, where `together`. Throws Error.
enum class FilesAppear { one_by_one, together };
std::unique_ptr<Stage> stage_file_by_file(const Target& target, IfExists if_exists,
                                          FilesAppear appear);

// Writes beside the target, which then appears or is replaced by one system call. Throws Error
// where the target cannot be had that way, or is not empty and is not to be replaced.
std::unique_ptr<Stage> stage_beside(const Target& target, IfExists if_exists);

// Throws Error where that can be told from the target alone.
void check_place_of_stage(const Target& target, IfExists if_exists);

}  // namespace ream::sink
