#include "sink/file_digest.hpp"

#include <cerrno>
#include <string>

#include "os/errors.hpp"

namespace ream::sink {

namespace {

// Stays in the second-level cache.
constexpr std::size_t piece_size = std::size_t{256} << 10;

bool is_still_regular(const os::Fd& file) {
  const auto opened = os::status(file.get());
  return opened && os::is_regular(*opened);
}

// To open a device may do something, so what it is comes first; and again, since that may change.
os::Fd open_regular(os::Name name, std::string_view path) {
  const auto found = os::status(name);
  if (!found) os::throw_errno(Operation::inspect, path);
  const bool regular = os::is_regular(*found);
  auto file = regular ? os::open_for_reading(name) : os::Fd();
  if (regular && !file) os::throw_errno(Operation::open, path);
  if (regular && is_still_regular(file)) return file;
  throw Error(Operation::read, std::string(path), 0, Reason::not_a_regular_file);
}

}  // namespace

FileDigester::FileDigester() : buffer_(std::make_unique_for_overwrite<char[]>(piece_size)) {}

FileDigest FileDigester::digest_of(os::Name name, std::string_view path) {
  const auto file = open_regular(name, path);
  std::uint64_t size = 0;
  for (std::size_t got = piece_size; got == piece_size; size += got) {
    const auto read = os::read_full(file.get(), buffer_.get(), piece_size);
    if (read < 0) {
      const int error_number = errno;
      digest_.finish();
      throw Error(Operation::read, std::string(path), error_number);
    }
    got = static_cast<std::size_t>(read);
    digest_.update({buffer_.get(), got});
  }
  return {digest_.finish(), size};
}

}  // namespace ream::sink
