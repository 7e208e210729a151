#include "sink/writer.hpp"

#include <cerrno>
#include <optional>

#include "os/errors.hpp"
#include "sink/digest.hpp"

namespace ream::sink {

namespace {

constexpr std::uint32_t default_mode = 0666;

// Within the kernel where it can: no byte is seen here. Empty where the source does not say how
// long it is, as files of /proc do not.
std::optional<std::uint64_t> copy_source(int fd, const CopyOf& copy, std::string_view path) {
  const auto source = os::open_regular(copy.source.data());
  if (source.size == 0) return std::nullopt;
  bool reading = false;
  const auto copied = os::copy_bytes(source.fd.get(), fd, source.size, &reading);
  if (copied < 0) {
    os::throw_errno(reading ? Operation::read : Operation::write, reading ? copy.source : path);
  }
  if (static_cast<std::uint64_t>(copied) < source.size) {
    throw Error(Operation::read, std::string(copy.source), 0, Reason::ended_early);
  }
  return source.size;
}

}  // namespace

void set_attributes(int fd, const FileJob& job) {
  if (job.mode && !os::set_mode(fd, *job.mode)) os::throw_errno(Operation::set_mode, job.path);
  if (job.mtime && !os::set_mtime(fd, *job.mtime)) os::throw_errno(Operation::set_time, job.path);
}

std::uint64_t Writer::write(os::Name name, const std::string& temporary_name, const FileJob& job,
                            const std::function<void()>& created) {
  NewFile file(appearance_, name, temporary_name, job.mode.value_or(default_mode), job.path);
  if (appearance_ == Appearance::in_place) created();
  const auto size = write_content(file.fd(), job);
  set_attributes(file.fd(), job);
  file.publish();
  return size;
}

std::uint64_t Writer::write_content(int fd, const FileJob& job) {
  const auto* copy = std::get_if<CopyOf>(&job.content);
  if (copy != nullptr && !job.sha256) {
    if (const auto size = copy_source(fd, *copy, job.path)) return *size;
  }
  return stream_content(fd, job);
}

std::uint64_t Writer::stream_content(int fd, const FileJob& job) {
  std::optional<Sha256Digest> digest;
  if (job.sha256) digest.emplace();
  const auto size = stream_.for_each_piece(job.content, [&](std::string_view piece) {
    if (digest) digest->update(piece);
    if (!os::write_all(fd, piece)) os::throw_errno(Operation::write, job.path);
    return true;
  });
  if (digest && digest->finish() != *job.sha256) {
    throw Error(Operation::check_digest, std::string(job.path), 0, Reason::digest_differs);
  }
  return size;
}

bool Writer::is_complete(os::Name name, const FileJob& job) {
  const auto fd = os::open_for_reading(name);
  if (!fd) return false;
  const auto found = os::status(fd.get());
  if (!found || !os::is_regular(*found) || job.sha256) return false;
  if (job.mode && *job.mode != os::permissions(*found)) return false;
  if (job.mtime && *job.mtime != found->mtime) return false;
  if (known_size(job.content).value_or(found->size) != found->size) return false;
  try {
    return has_content(fd.get(), found->size, job.content);
  } catch (const Error&) {  // a source that cannot be read
    return false;
  }
}

bool Writer::has_content(int fd, std::uint64_t size, const Content& content) {
  std::string there;
  bool same = true;
  const auto compared = stream_.for_each_piece(content, [&](std::string_view piece) {
    there.resize(piece.size());
    const auto got = os::read_full(fd, there.data(), there.size());
    same = got == static_cast<ssize_t>(piece.size()) && there == piece;
    return same;
  });
  return same && compared == size;
}

}  // namespace ream::sink
