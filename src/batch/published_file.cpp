#include "batch/published_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cerrno>

#include "batch/clean_before_a_batch.hpp"
#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/sync.hpp"
#include "ream/error.hpp"

namespace ream {

namespace fs = boost::filesystem;

namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

bool is_within(const fs::path& path, const fs::path& directory) {
  const auto mismatch = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return mismatch.first == directory.end();
}

// Whether there is such a file.
bool check_place(const fs::path& file, const fs::path& real, std::string_view what,
                 const fs::path& directory) {
  if (is_within(real, path_without_links(directory))) {
    throw InputError(
        quoted(file.native()),
        fmt::format("the {} cannot lie in the directory that the batch is written to", what));
  }
  const auto found = os::status(os::from_here(real.c_str()));
  if (!found && errno != ENOENT) os::throw_errno(Operation::create, file.native());
  if (!found || os::is_regular(*found)) return found.has_value();
  throw Error(Operation::create, file.native(), 0, Reason::not_a_regular_file);
}

void check_may_make(const fs::path& file, const fs::path& real) {
  if (!os::may_write(real.parent_path().c_str())) os::throw_errno(Operation::create, file.native());
}

}  // namespace

fs::path path_without_links(const fs::path& path) {
  boost::system::error_code problem;
  auto real = fs::weakly_canonical(fs::absolute(path), problem);
  if (problem) throw Error(Operation::create, path.native(), problem.value());
  return real;
}

bool lies_in(const fs::path& file, const fs::path& directory) {
  return is_within(path_without_links(file), path_without_links(directory));
}

void check_place_of_file(const fs::path& file, std::string_view what, const fs::path& directory) {
  const auto real = path_without_links(file);
  check_place(file, real, what, directory);
  check_may_make(file, real);
}

void check_place_of_touched_file(const fs::path& file, std::string_view what,
                                 const fs::path& directory) {
  const auto real = path_without_links(file);
  if (!check_place(file, real, what, directory)) return check_may_make(file, real);
  if (!os::may_write_file(real.c_str())) os::throw_errno(Operation::write, file.native());
}

PublishedFile::PublishedFile(const fs::path& file, std::string_view what, Durable durable,
                             const fs::path& directory)
    : durable_(durable) {
  const auto real = path_without_links(file);
  check_place(file, real, what, directory);
  check_may_make(file, real);
  path_ = real.native();
  name_ = real.filename().native();
  const auto place = real.parent_path().native();
  parent_ = os::open_root(place.c_str());
  if (!parent_) os::throw_errno(Operation::open_directory, place);
  clean_before_a_batch(real);
  mark_.emplace(parent_.get(), name_, place);
  const sink::Naming naming{
      sink::Appearance::temporary,
      sink::Existing::is_replaced,
      {parent_.get(), name_.c_str()},
      mark_->name().c_str(),
      durable_ == Durable::yes ? sink::WriteBack::awaited : sink::WriteBack::left_to_the_system};
  file_.emplace(naming, 0666, path_);
  keep_mode();
}

// A file that not everybody may read stays so.
void PublishedFile::keep_mode() {
  const auto old = os::status({parent_.get(), name_.c_str()});
  if (!old || os::set_mode(file_->fd(), os::permissions(*old))) return;
  os::throw_errno(Operation::set_mode, path_);
}

bool PublishedFile::is_wanted_by_another() const {
  return sink::other_run_lives(parent_.get(), name_, *mark_);
}

void PublishedFile::tidy() {
  file_.reset();
  const bool gone = os::remove_file({parent_.get(), mark_->name().c_str()}) || errno == ENOENT;
  const int error_number = errno;
  if (!gone) {
    mark_->keep();
    throw Error(Operation::remove, path_beside(mark_->name()), error_number);
  }
  if (!mark_->remove()) os::throw_errno(Operation::remove, path_beside(mark_->lock_name()));
}

std::string PublishedFile::path_beside(const std::string& name) const {
  return (fs::path(path_).parent_path() / name).native();
}

void PublishedFile::write(std::string_view text) {
  text_ += text;
  if (text_.size() >= piece_size) write_out();
}

void PublishedFile::write_out() {
  if (!os::write_all(file_->fd(), text_)) os::throw_errno(Operation::write, path_);
  size_ += text_.size();
  text_.clear();
}

void PublishedFile::publish() {
  write_out();
  file_->publish(size_);
  if (durable_ == Durable::no || os::sync_directory({parent_.get(), "."})) return;
  os::throw_errno(Operation::sync, path_);
}

}  // namespace ream
