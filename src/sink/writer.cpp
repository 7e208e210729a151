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

// Of a content on its way, where the job names what it must hash to or somebody wants to know.
class ContentDigest {
 public:
  ContentDigest(const FileJob& job, Sha256* digest) : wanted_(job.sha256), digest_(digest) {
    if (wanted_ || digest_ != nullptr) computed_.emplace();
  }
  void update(std::string_view piece) {
    if (computed_) computed_->update(piece);
  }
  bool is_good() {
    if (!computed_) return true;
    const auto found = computed_->finish();
    if (digest_ != nullptr) *digest_ = found;
    return !wanted_ || found == *wanted_;
  }

 private:
  const std::optional<Sha256>& wanted_;
  Sha256* digest_;
  std::optional<Sha256Digest> computed_;
};

}  // namespace

void set_attributes(int fd, const FileJob& job) {
  if (job.mode && !os::set_mode(fd, *job.mode)) os::throw_errno(Operation::set_mode, job.path);
  if (job.mtime && !os::set_mtime(fd, *job.mtime)) os::throw_errno(Operation::set_time, job.path);
}

std::uint64_t Writer::write(const Naming& naming, const FileJob& job,
                            const std::function<void()>& created, Sha256* digest) {
  NewFile file(naming, job.mode.value_or(default_mode), job.path, steps_);
  if (naming.appearance == Appearance::in_place) created();
  const auto size = write_content(file.fd(), job, digest);
  set_attributes(file.fd(), job);
  file.publish(size);
  return size;
}

std::uint64_t Writer::write_content(int fd, const FileJob& job, Sha256* digest) {
  const auto* copy = std::get_if<CopyOf>(&job.content);
  if (copy != nullptr && !job.sha256 && digest == nullptr) {
    if (const auto size = copy_source(fd, *copy, job.path)) return *size;
  }
  return stream_content(fd, job, digest);
}

std::uint64_t Writer::stream_content(int fd, const FileJob& job, Sha256* digest) {
  ContentDigest computed(job, digest);
  const auto size = stream_.for_each_piece(job.content, [&](std::string_view piece) {
    computed.update(piece);
    if (!os::write_all(fd, piece)) os::throw_errno(Operation::write, job.path);
    return true;
  });
  if (computed.is_good()) return size;
  throw Error(Operation::check_digest, std::string(job.path), 0, Reason::digest_differs);
}

bool Writer::is_same(os::Name name, const os::Status& found, const FileJob& job, Sha256* digest) {
  if (!os::is_regular(found)) return false;  // to open a device may do something
  if (job.mode && *job.mode != os::permissions(found)) return false;
  if (known_size(job.content).value_or(found.size) != found.size) return false;
  const auto fd = os::open_for_reading(name);
  if (!fd) return false;
  try {
    return has_content(fd.get(), found.size, job, digest);
  } catch (const Error&) {  // a source that cannot be read
    return false;
  }
}

bool Writer::has_content(int fd, std::uint64_t size, const FileJob& job, Sha256* digest) {
  std::string there;
  bool same = true;
  ContentDigest computed(job, digest);
  const auto compared = stream_.for_each_piece(job.content, [&](std::string_view piece) {
    there.resize(piece.size());
    const auto got = os::read_full(fd, there.data(), there.size());
    same = got == static_cast<ssize_t>(piece.size()) && there == piece;
    computed.update(piece);
    return same;
  });
  return same && compared == size && computed.is_good();
}

}  // namespace ream::sink
