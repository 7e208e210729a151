#include "sink/entry_writer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iterator>
#include <optional>
#include <tuple>

#include "os/errors.hpp"
#include "os/file.hpp"

namespace ream::sink {

namespace {

bool is_before(FileTime a, FileTime b) {
  return std::tie(a.seconds, a.nanoseconds) < std::tie(b.seconds, b.nanoseconds);
}

bool is_unwritten(const os::Status& status, FileTime batch_began) {
  return os::is_regular(status) && status.size == 0 && status.born &&
         is_before(batch_began, *status.born);
}

}  // namespace

void EntryWriter::set_temporary_name(std::uint64_t index) {
  if (naming_.appearance != Appearance::temporary) return;
  temporary_name_ = naming_.temporary_prefix;
  fmt::format_to(std::back_inserter(temporary_name_), "{}", index);
}

EntryResult EntryWriter::write(std::uint64_t index, const FileJob& job,
                               const CreationSteps& steps) {
  if (std::holds_alternative<SymlinkTo>(job.content)) return EntryResult::link();
  if (std::holds_alternative<Directory>(job.content)) {
    tree_.make_directory(job.path);
    return EntryResult::directory();
  }
  const auto name = tree_.place(job.path);
  set_temporary_name(index);
  steps.creating();
  return EntryResult::file(writer_.write(name, temporary_name_, job, steps.created));
}

void EntryWriter::make_link(const FileJob& job) {
  const auto name = tree_.place(job.path);
  if (!os::make_link(std::get<SymlinkTo>(job.content).target.data(), name)) {
    os::throw_errno(Operation::create_link, job.path);
  }
  if (job.mtime && !os::set_mtime(name, *job.mtime)) {
    const int error_number = errno;
    os::remove_file(name);  // what is reported as failed is not there
    throw Error(Operation::set_time, std::string(job.path), error_number);
  }
}

void EntryWriter::finish_directory(const FileJob& job) {
  if (!job.mode && !job.mtime) return;
  set_attributes(tree_.open_for_attributes(job.path).get(), job);
}

bool EntryWriter::may_be_removed(os::Name name, bool created, FileTime batch_began) const {
  if (naming_.appearance != Appearance::in_place) return false;
  const auto found = os::status(name);
  return found && (created || is_unwritten(*found, batch_began));
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
  if (may_be_removed(*name, created, batch_began)) {
    if (!os::remove_file(*name)) os::throw_errno(Operation::remove, job.path);
    return {};
  }
  // Not ours. Unless it is what the job wants anyway, the job will find it in its way.
  if (!writer_.is_complete(*name, job)) return {};
  const auto found = os::status(*name);
  return found ? Leftover{found->size} : Leftover{};
}

}  // namespace ream::sink
