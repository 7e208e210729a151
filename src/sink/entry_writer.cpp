#include "sink/entry_writer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iterator>
#include <optional>
#include <tuple>

#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/rename.hpp"
#include "os/sync.hpp"

namespace ream::sink {

namespace {

bool is_before(FileTime a, FileTime b) {
  return std::tie(a.seconds, a.nanoseconds) < std::tie(b.seconds, b.nanoseconds);
}

bool is_empty_file(const os::Status& status) {
  return os::is_regular(status) && status.size == 0;
}

bool is_born_after(const os::Status& status, FileTime batch_began) {
  return status.born && is_before(batch_began, *status.born);
}

// Perhaps by another, in the tick of the clock in which the batch began.
bool is_made_since(os::Name directory, FileTime batch_began) {
  const auto found = os::status(directory);
  return found && os::is_directory(*found) && found->born && !is_before(*found->born, batch_began);
}

// Those that the job names.
bool has_attributes(const os::Status& status, const FileJob& job) {
  return (!job.mode || *job.mode == os::permissions(status)) &&
         (!job.mtime || *job.mtime == status.mtime);
}

EntryResult new_entry(const FileJob& job) {
  if (std::holds_alternative<SymlinkTo>(job.content)) return EntryResult::link();
  if (std::holds_alternative<Directory>(job.content)) return EntryResult::directory();
  return EntryResult::file(0);
}

// Nothing where nothing has the name. Throws Error where that cannot be told.
std::optional<os::Status> look_at(os::Name name, const FileJob& job) {
  const auto found = os::status(name);
  if (!found && errno != ENOENT) os::throw_errno(Operation::inspect, job.path);
  return found;
}

}  // namespace

void EntryWriter::look_for_obstacle(const FileJob& job) {
  std::optional<os::Name> name;
  try {
    name = tree_.place(job.path, MissingDirectories::are_an_error);
  } catch (const Error& error) {
    if (error.error_number() == ENOENT) return;
    throw;
  }
  const auto found = os::status(*name);
  if (!found && errno == ENOENT) return;
  if (!found) os::throw_errno(Operation::inspect, job.path);
  const bool wants_directory = std::holds_alternative<Directory>(job.content);
  if (wants_directory && os::is_directory(*found)) return;
  throw Error(wants_directory ? Operation::create_directory : Operation::create,
              std::string(job.path), EEXIST);
}

EntryResult EntryWriter::foresee(const FileJob& job) {
  std::optional<os::Status> found;
  std::optional<os::Name> name;
  try {
    name = tree_.place(job.path, MissingDirectories::are_an_error);
    found = look_at(*name, job);
  } catch (const Error& error) {
    if (error.error_number() != ENOENT) throw;
  }
  return found ? foresee_over(*name, *found, job) : new_entry(job);
}

EntryResult EntryWriter::foresee_over(os::Name name, const os::Status& found, const FileJob& job) {
  const bool wants_directory = std::holds_alternative<Directory>(job.content);
  if (wants_directory && os::is_directory(found)) return EntryResult::unchanged();
  if (if_exists_ == IfExists::skip && !wants_directory) return EntryResult::skipped();
  if (if_exists_ == IfExists::fail || wants_directory || os::is_directory(found)) {
    throw Error(wants_directory ? Operation::create_directory : Operation::create,
                std::string(job.path), os::is_directory(found) ? EISDIR : EEXIST);
  }
  if (if_exists_ != IfExists::update) return new_entry(job);
  const auto* link = std::get_if<SymlinkTo>(&job.content);
  const bool same = link == nullptr ? writer_.is_same(name, found, job)
                                    : os::is_link(found) && os::read_link(name) == link->target;
  if (!same) return new_entry(job);
  if (!job.mtime || *job.mtime == found.mtime) return EntryResult::unchanged();
  return link == nullptr && found.names > 1 ? new_entry(job) : EntryResult::touched();
}

EntryResult EntryWriter::write(std::uint64_t index, const FileJob& job,
                               const CreationSteps& steps) {
  if (std::holds_alternative<SymlinkTo>(job.content)) return EntryResult::link();
  if (std::holds_alternative<Directory>(job.content)) {
    tree_.make_directory(job.path);
    return EntryResult::directory();
  }
  return write_file(index, job, steps);
}

EntryResult EntryWriter::write_file(std::uint64_t index, const FileJob& job,
                                    const CreationSteps& steps) {
  const auto name = tree_.place(job.path);
  const auto found = if_exists_ == IfExists::fail ? std::nullopt : look_at(name, job);
  if (found && if_exists_ == IfExists::skip) return EntryResult::skipped();
  if (found && if_exists_ == IfExists::update) {
    if (const auto result = bring_up_to_date(index, name, *found, job)) return *result;
  }
  auto naming = naming_of(name, index);
  // A file without a name can get a new one only.
  if (found && naming.appearance == Appearance::unnamed) naming.appearance = Appearance::temporary;
  steps.creating();
  try {
    return EntryResult::file(writer_.write(naming, job, steps.created, digest_of(index)));
  } catch (const Error& error) {
    if (!came_meanwhile(error.error_number())) throw;
    return EntryResult::skipped();
  }
}

// Into the place of what is skipped.
bool EntryWriter::came_meanwhile(int error_number) const noexcept {
  return error_number == EEXIST && if_exists_ == IfExists::skip;
}

bool EntryWriter::replaces() const noexcept {
  return if_exists_ == IfExists::replace || if_exists_ == IfExists::update;
}

Naming EntryWriter::naming_of(os::Name name, std::uint64_t index) {
  set_temporary_name(index);
  return {naming_.appearance, replaces() ? Existing::is_replaced : Existing::stays, name,
          temporary_name_.c_str(), naming_.write_back};
}

Sha256* EntryWriter::digest_of(std::uint64_t index) const noexcept {
  return digests_ == nullptr ? nullptr : &(*digests_)[index];
}

// Nothing where it needs a new file. A time does not, but is never set through a name that a file
// outside may share.
std::optional<EntryResult> EntryWriter::bring_up_to_date(std::uint64_t index, os::Name name,
                                                         const os::Status& found,
                                                         const FileJob& job) {
  if (!writer_.is_same(name, found, job, digest_of(index))) return std::nullopt;
  const bool right_time = !job.mtime || *job.mtime == found.mtime;
  if (!right_time && (found.names > 1 || !os::set_mtime(name, *job.mtime))) return std::nullopt;
  if (!make_durable(name)) return std::nullopt;
  return right_time ? EntryResult::unchanged() : EntryResult::touched();
}

// What wrote it may have left it to the system. Where it cannot be synced it is written again.
bool EntryWriter::make_durable(os::Name name) const noexcept {
  if (naming_.write_back != WriteBack::awaited) return true;
  const auto file = os::open_for_reading(name);
  return file && os::sync_file(file.get());
}

Naming EntryWriter::naming_of_written(std::uint64_t index, const FileJob& job) {
  return naming_of(tree_.place(job.path, MissingDirectories::are_an_error), index);
}

EntryResult EntryWriter::publish_file(std::uint64_t index, const FileJob& job,
                                      const EntryResult& result) {
  const auto naming = naming_of_written(index, job);
  StepTimer timer(steps_);
  if (rename_to_its_name(naming)) {
    timer.end(&LatencyReport::publish);
    return result;
  }
  const int error_number = errno;
  os::remove_file(temporary_name(naming));
  if (came_meanwhile(error_number)) return EntryResult::skipped();
  throw Error(Operation::create, std::string(job.path), error_number);
}

bool EntryWriter::is_published(std::uint64_t index, const FileJob& job) {
  const auto naming = naming_of_written(index, job);
  const auto found = os::status(naming.name);
  return !os::status(temporary_name(naming)) && found && writer_.is_same(naming.name, *found, job);
}

void EntryWriter::withdraw_file(std::uint64_t index, const FileJob& job) {
  if (os::remove_file(temporary_name(naming_of_written(index, job))) || errno == ENOENT) return;
  os::throw_errno(Operation::remove, job.path);
}

void EntryWriter::withdraw_directory(std::string_view path, FileTime batch_began) {
  const auto name = tree_.place(path, MissingDirectories::are_an_error);
  // Other than a file, an empty directory of somebody else's from the very tick is soon made again.
  if (is_made_since(name, batch_began)) os::remove_if_empty(name);
}

bool EntryWriter::is_new_directory(std::string_view path, FileTime batch_began) {
  return is_made_since(tree_.place(path, MissingDirectories::are_an_error), batch_began);
}

void EntryWriter::sync_directory(std::string_view path) {
  const auto directory = tree_.open_for_attributes(path);
  if (!os::sync_file(directory.get())) os::throw_errno(Operation::sync, path);
}

// `index` is that of the entry whose file it is.
void EntryWriter::set_temporary_name(std::uint64_t index) {
  if (naming_.temporary_prefix.empty()) return;
  temporary_name_ = naming_.temporary_prefix;
  fmt::format_to(std::back_inserter(temporary_name_), "{}", index);
}

EntryResult EntryWriter::make_link(std::uint64_t index, const FileJob& job) {
  const auto name = tree_.place(job.path);
  const auto found = if_exists_ == IfExists::fail ? std::nullopt : look_at(name, job);
  if (found && if_exists_ == IfExists::skip) return EntryResult::skipped();
  if (found && if_exists_ == IfExists::update) {
    if (const auto result = bring_link_up_to_date(name, *found, job)) return *result;
  }
  set_temporary_name(index);
  if (!found) {
    make_new_link(name, job);
  } else if (temporary_name_.empty()) {
    if (!os::remove_file(name)) os::throw_errno(Operation::create_link, job.path);
    make_new_link(name, job);
  } else {
    replace_link(name, job);
  }
  return EntryResult::link();
}

// What is reported as failed is not there.
void EntryWriter::make_new_link(os::Name name, const FileJob& job) {
  if (!os::make_link(std::get<SymlinkTo>(job.content).target.data(), name)) {
    os::throw_errno(Operation::create_link, job.path);
  }
  if (!job.mtime || os::set_mtime(name, *job.mtime)) return;
  const int error_number = errno;
  os::remove_file(name);
  throw Error(Operation::set_time, std::string(job.path), error_number);
}

std::optional<EntryResult> EntryWriter::bring_link_up_to_date(os::Name name,
                                                              const os::Status& found,
                                                              const FileJob& job) {
  if (!os::is_link(found)) return std::nullopt;
  if (os::read_link(name) != std::get<SymlinkTo>(job.content).target) return std::nullopt;
  if (!job.mtime || *job.mtime == found.mtime) return EntryResult::unchanged();
  if (!os::set_mtime(name, *job.mtime)) return std::nullopt;
  return EntryResult::touched();
}

void EntryWriter::replace_link(os::Name name, const FileJob& job) {
  const os::Name temporary{name.directory, temporary_name_.c_str()};
  make_new_link(temporary, job);
  if (os::rename_over(temporary, name)) return;
  const int error_number = errno;
  os::remove_file(temporary);
  throw Error(Operation::create_link, std::string(job.path), error_number);
}

bool EntryWriter::finish_directory(const FileJob& job, FileTime batch_began) {
  if (!job.mode && !job.mtime) return false;
  const auto directory = tree_.open_for_attributes(job.path);
  const auto found = os::status(directory.get());
  if (found && has_attributes(*found, job)) return false;
  if (if_exists_ == IfExists::skip) {
    if (found && found->born && is_before(*found->born, batch_began)) return false;
  }
  set_attributes(directory.get(), job);
  return true;
}

bool EntryWriter::may_be_removed(os::Name name, bool created, FileTime batch_began) const {
  if (naming_.appearance != Appearance::in_place) return false;
  const auto found = os::status(name);
  if (!found) return false;
  return created ||
         (is_empty_file(*found) && (naming_.alone || is_born_after(*found, batch_began)));
}

Leftover EntryWriter::undo(std::uint64_t index, const FileJob& job, bool created,
                           FileTime batch_began) {
  if (std::holds_alternative<Directory>(job.content)) return {};
  std::optional<os::Name> name;
  try {
    name = tree_.place(job.path, MissingDirectories::are_an_error);
  } catch (const Error&) {
    return {};  // not even its directory is there
  }
  set_temporary_name(index);
  if (!temporary_name_.empty()) os::remove_file({name->directory, temporary_name_.c_str()});
  if (naming_.appearance == Appearance::later) return {};
  if (may_be_removed(*name, created, batch_began)) {
    if (!os::remove_file(*name)) os::throw_errno(Operation::remove, job.path);
    return {};
  }
  // Not ours. Unless it is what the job wants anyway, the job will find it in its way.
  const auto found = os::status(*name);
  if (!found || !writer_.is_same(*name, *found, job, digest_of(index))) return {};
  if (job.mtime && *job.mtime != found->mtime) return {};
  return {found->size};
}

}  // namespace ream::sink
