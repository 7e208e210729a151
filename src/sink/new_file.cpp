#include "sink/new_file.hpp"

#include <cerrno>

#include "os/errors.hpp"
#include "os/rename.hpp"

namespace ream::sink {

NewFile::NewFile(const Naming& naming, mode_t mode, std::string_view path)
    : naming_(naming), path_(path), fd_(make(mode)) {
  if (!fd_) os::throw_errno(Operation::create, path);
  has_name_ = naming.appearance != Appearance::unnamed;
}

os::Fd NewFile::make(mode_t mode) {
  if (naming_.appearance == Appearance::unnamed)
    return os::create_unnamed(naming_.name.directory, mode);
  auto fd = os::create_exclusive(made_as(), mode);
  const bool in_the_way = !fd && errno == EEXIST && naming_.appearance == Appearance::in_place &&
                          naming_.existing == Existing::is_replaced;
  if (in_the_way && os::remove_file(naming_.name)) fd = os::create_exclusive(naming_.name, mode);
  return fd;
}

NewFile::~NewFile() {
  if (has_name_) os::remove_file(made_as());
}

os::Name NewFile::made_as() const noexcept {
  if (naming_.appearance != Appearance::temporary) return naming_.name;
  return {naming_.name.directory, naming_.temporary_name};
}

void NewFile::publish() {
  if (naming_.appearance == Appearance::unnamed) return publish_unnamed();
  close();
  if (naming_.appearance == Appearance::temporary && !rename())
    os::throw_errno(Operation::create, path_);
  has_name_ = false;
}

bool NewFile::rename() const noexcept {
  return naming_.existing == Existing::is_replaced ? os::rename_over(made_as(), naming_.name)
                                                   : os::rename_new(made_as(), naming_.name);
}

// What is closed has no name any more that it could be given.
void NewFile::publish_unnamed() {
  if (!os::give_name(fd_, naming_.name)) os::throw_errno(Operation::create, path_);
  has_name_ = true;
  close();
  has_name_ = false;
}

void NewFile::close() {
  if (!os::close_checked(fd_)) os::throw_errno(Operation::close, path_);
}

}  // namespace ream::sink
