#include "sink/new_file.hpp"

#include "os/errors.hpp"
#include "os/rename.hpp"

namespace ream::sink {

NewFile::NewFile(Appearance appearance, os::Name name, const std::string& temporary_name,
                 mode_t mode, std::string_view path)
    : appearance_(appearance), name_(name), temporary_name_(temporary_name), path_(path) {
  fd_ = appearance == Appearance::unnamed ? os::create_unnamed(name.directory, mode)
                                          : os::create_exclusive(made_as(), mode);
  if (!fd_) os::throw_errno(Operation::create, path);
  has_name_ = appearance != Appearance::unnamed;
}

NewFile::~NewFile() {
  if (has_name_) os::remove_file(made_as());
}

os::Name NewFile::made_as() const noexcept {
  if (appearance_ != Appearance::temporary) return name_;
  return {name_.directory, temporary_name_.c_str()};
}

void NewFile::publish() {
  if (appearance_ == Appearance::unnamed) {
    publish_unnamed();
  } else {
    close();
    const bool named = appearance_ == Appearance::in_place || os::rename_new(made_as(), name_);
    if (!named) os::throw_errno(Operation::create, path_);
  }
  has_name_ = false;
}

// What is closed has no name any more that it could be given.
void NewFile::publish_unnamed() {
  if (!os::give_name(fd_, name_)) os::throw_errno(Operation::create, path_);
  has_name_ = true;
  close();
}

void NewFile::close() {
  if (!os::close_checked(fd_)) os::throw_errno(Operation::close, path_);
}

}  // namespace ream::sink
