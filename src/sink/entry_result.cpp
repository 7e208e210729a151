#include "sink/entry_result.hpp"

#include <boost/endian/conversion.hpp>

namespace ream::sink {

namespace {

// No path is so long, so this length can stand for "the source of the copy".
constexpr std::uint16_t source_length = 0xFFFF;

std::string_view concerned_path(const FileJob& job, std::uint16_t length) {
  if (length != source_length) return job.path.substr(0, length);
  const auto* copy = std::get_if<CopyOf>(&job.content);
  return copy == nullptr ? job.path : copy->source;
}

std::uint16_t length_of(const Error& error, const FileJob& job) {
  if (job.path.substr(0, error.path().size()) == error.path()) {
    return static_cast<std::uint16_t>(error.path().size());
  }
  const auto* copy = std::get_if<CopyOf>(&job.content);
  const bool of_source = copy != nullptr && copy->source == error.path();
  return of_source ? source_length : static_cast<std::uint16_t>(job.path.size());
}

}  // namespace

EntryResult EntryResult::file(std::uint64_t size) noexcept {
  EntryResult result(Kind::file);
  boost::endian::store_little_u48(result.bytes_.data() + 1, size);
  return result;
}

EntryResult EntryResult::link() noexcept {
  return EntryResult(Kind::link);
}
EntryResult EntryResult::directory() noexcept {
  return EntryResult(Kind::directory);
}
EntryResult EntryResult::unchanged() noexcept {
  return EntryResult(Kind::unchanged);
}
EntryResult EntryResult::touched() noexcept {
  return EntryResult(Kind::touched);
}
EntryResult EntryResult::skipped() noexcept {
  return EntryResult(Kind::skipped);
}

EntryResult EntryResult::failure(const Error& error, const FileJob& job) noexcept {
  EntryResult result(Kind::failure);
  result.bytes_[1] = static_cast<std::uint8_t>(error.operation());
  result.bytes_[2] = static_cast<std::uint8_t>(error.reason());
  boost::endian::store_little_u16(result.bytes_.data() + 3,
                                  static_cast<std::uint16_t>(error.error_number()));
  boost::endian::store_little_u16(result.bytes_.data() + 5, length_of(error, job));
  return result;
}

std::uint64_t EntryResult::size() const noexcept {
  return kind() == Kind::file ? boost::endian::load_little_u48(bytes_.data() + 1) : 0;
}

Error EntryResult::error(const FileJob& job) const {
  const auto length = boost::endian::load_little_u16(bytes_.data() + 5);
  return Error(Operation{bytes_[1]}, std::string(concerned_path(job, length)),
               boost::endian::load_little_u16(bytes_.data() + 3), Reason{bytes_[2]});
}

}  // namespace ream::sink
