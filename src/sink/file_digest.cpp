#include "sink/file_digest.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "os/errors.hpp"

namespace ream::sink {

namespace {

// Stays in the second-level cache.
constexpr std::size_t piece_size = std::size_t{256} << 10;

struct Opened {
  os::Fd file;
  std::uint64_t size;
};

// To open a device may do something, so what it is comes first.
Opened open_regular(os::Name name, std::string_view path) {
  const auto found = os::status(name);
  if (!found) os::throw_errno(Operation::inspect, path);
  if (!os::is_regular(*found)) {
    throw Error(Operation::read, std::string(path), 0, Reason::not_a_regular_file);
  }
  auto file = os::open_for_reading(name);
  if (!file) os::throw_errno(Operation::open, path);
  return {std::move(file), found->size};
}

}  // namespace

FileDigester::FileDigester() : buffer_(std::make_unique_for_overwrite<char[]>(piece_size)) {}

FileDigest FileDigester::digest_of(os::Name name, std::string_view path) {
  const auto opened = open_regular(name, path);
  std::uint64_t left = opened.size;
  while (left > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, left));
    const auto got = os::read_full(opened.file.get(), buffer_.get(), wanted);
    if (got <= 0) {
      digest_.finish();
      if (got < 0) os::throw_errno(Operation::read, path);
      throw Error(Operation::read, std::string(path), 0, Reason::ended_early);
    }
    digest_.update({buffer_.get(), static_cast<std::size_t>(got)});
    left -= static_cast<std::uint64_t>(got);
  }
  return {digest_.finish(), opened.size};
}

}  // namespace ream::sink
