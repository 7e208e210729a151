#include "os/remove_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <string>

#include "os/beneath.hpp"
#include "os/directory_walk.hpp"
#include "os/rename.hpp"

namespace ream::os {

namespace {

bool remove_empty_directory(Name name) noexcept {
  return retry_on_eintr([&] { return ::unlinkat(name.directory, name.name, AT_REMOVEDIR); }) == 0;
}

// Of one that its owner may not change. What is mounted there is somebody else's.
void open_up(Name name) noexcept {
  const auto directory = open_child_directory(name);
  const auto found = directory ? status(directory.get()) : std::nullopt;
  if (!found || found->mount_point || (found->mode & S_IRWXU) == S_IRWXU) return;
  const std::string path = "/proc/self/fd/" + std::to_string(directory.get());
  ::chmod(path.c_str(), (found->mode & 07777U) | S_IRWXU);
}

class TreeRemoval {
 public:
  TreeRemoval(int top, dev_t device) : top_(top), device_(device) {}

  // Empties the top, and what is moved up into it meanwhile, until a whole pass moves nothing.
  bool run() {
    do {
      moved_ = false;
      if (!empty(top_)) return false;
    } while (moved_);
    return first_errno_ == 0 || (errno = first_errno_, false);
  }

 private:
  bool empty(int directory) {
    DirectoryContent content;
    ::lseek(directory, 0, SEEK_SET);
    if (!reader_.read(directory, content)) return false;
    for (const auto& entry : content.entries()) {
      const Name name{directory, content.name(entry).data()};
      if (entry.type != FileType::directory) {
        note(remove_file(name));
      } else if (directory == top_) {
        note(remove_directory(name));
      } else {
        note(move_up(name));
      }
    }
    return true;
  }

  // Of a directory in the top: what is beneath it goes into the top, or goes.
  bool remove_directory(Name name) {
    if (remove_empty_directory(name)) return true;
    const auto directory = open_for_removal(name);
    return directory && empty(directory.get()) && remove_empty_directory(name);
  }

  bool move_up(Name name) {
    if (remove_empty_directory(name)) return true;
    open_up(name);  // its ".." will change
    for (;;) {
      const auto free = std::to_string(next_++);
      if (rename_new(name, {top_, free.c_str()})) return moved_ = true;
      if (errno != EEXIST) return false;
    }
  }

  Fd open_for_removal(Name name) const noexcept {
    open_up(name);
    auto directory = open_child_directory_for_reading(name);
    const auto found = directory ? status(directory.get()) : std::nullopt;
    if (!found) return {};
    if (found->identity.device == device_ && !found->mount_point) return directory;
    errno = EBUSY;  // something is mounted there
    return {};
  }

  void note(bool done) {
    if (!done && errno != ENOENT && first_errno_ == 0) first_errno_ = errno;
  }

  int top_;
  dev_t device_;
  DirectoryReader reader_;
  unsigned long next_ = 0;
  bool moved_ = false;
  int first_errno_ = 0;
};

}  // namespace

bool remove_tree(Name name) noexcept try {
  if (remove_empty_directory(name)) return true;  // with no descriptor, where there is none left
  open_up(name);
  const auto top = open_child_directory_for_reading(name);
  const auto found = top ? status(top.get()) : std::nullopt;
  if (!found || !TreeRemoval(top.get(), found->identity.device).run()) return false;
  return remove_empty_directory(name);
} catch (const std::bad_alloc&) {
  errno = ENOMEM;
  return false;
}

}  // namespace ream::os
