#include "sink/new_file.hpp"

#include <cerrno>

#include "os/errors.hpp"
#include "os/rename.hpp"
#include "os/sync.hpp"

namespace ream::sink {

namespace {

// 4 KiB files take 1.2 times as long when their write-back is begun early, 64 KiB as long as
// without it, 256 KiB 0.8 times (ext4 and XFS in RAM).
constexpr std::uint64_t worth_beginning = std::uint64_t{128} << 10;

}  // namespace

NewFile::NewFile(const Naming& naming, mode_t mode, std::string_view path, LatencyReport* steps)
    : naming_(naming), path_(path), timer_(steps), fd_(make(mode)) {
  if (!fd_) os::throw_errno(Operation::create, path);
  timer_.end(&LatencyReport::open);
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
  const bool has_final_name =
      naming_.appearance == Appearance::in_place || naming_.appearance == Appearance::unnamed;
  return has_final_name ? naming_.name : temporary_name(naming_);
}

void NewFile::publish(std::uint64_t size) {
  timer_.end(&LatencyReport::write);
  write_back(size);
  if (naming_.appearance == Appearance::unnamed) return publish_unnamed();
  close();
  if (naming_.appearance == Appearance::temporary) publish_renamed();
  has_name_ = false;
}

void NewFile::publish_renamed() {
  if (!rename_to_its_name(naming_)) os::throw_errno(Operation::create, path_);
  timer_.end(&LatencyReport::publish);
}

void NewFile::write_back(std::uint64_t size) {
  const bool begin = naming_.write_back == WriteBack::begun && size >= worth_beginning;
  const bool await = naming_.write_back == WriteBack::awaited;
  if (begin) os::start_write_back(fd_.get());
  if (await && !os::sync_file(fd_.get())) os::throw_errno(Operation::sync, path_);
  if (begin || await) timer_.end(&LatencyReport::sync);
}

// What is closed has no name any more that it could be given.
void NewFile::publish_unnamed() {
  if (!os::give_name(fd_, naming_.name)) os::throw_errno(Operation::create, path_);
  has_name_ = true;
  timer_.end(&LatencyReport::publish);
  close();
  has_name_ = false;
}

void NewFile::close() {
  if (!os::close_checked(fd_)) os::throw_errno(Operation::close, path_);
  timer_.end(&LatencyReport::close);
}

os::Name temporary_name(const Naming& naming) noexcept {
  return {naming.name.directory, naming.temporary_name};
}

bool rename_to_its_name(const Naming& naming) noexcept {
  const auto from = temporary_name(naming);
  return naming.existing == Existing::is_replaced ? os::rename_over(from, naming.name)
                                                  : os::rename_new(from, naming.name);
}

}  // namespace ream::sink
