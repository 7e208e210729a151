#include "sink/content.hpp"

#include <algorithm>
#include <limits>

#include "os/file.hpp"
#include "ream/error.hpp"
#include "sink/random_content.hpp"

namespace ream::sink {

namespace {

// Pieces of this size: few system calls for a large file, and they stay in the second-level cache.
constexpr std::size_t piece_size = std::size_t{256} << 10;

}  // namespace

// Visits the kinds of content. Each overload returns how many bytes it gave away.
struct ContentStream::Streamer {
  ContentStream& stream;
  const Consume& consume;

  std::uint64_t operator()(const Bytes& bytes) const {
    if (!bytes.view.empty()) consume(bytes.view);
    return bytes.view.size();
  }

  std::uint64_t operator()(const Fill& fill) const {
    const auto block = stream.block_of(fill);
    std::uint64_t left = fill.size;
    while (left > 0) {
      const auto piece =
          block.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), left)));
      left -= piece.size();
      if (!consume(piece)) break;
    }
    return fill.size - left;
  }

  std::uint64_t operator()(const RandomBytes& random) const {
    return generated(RandomByteStream(random.seed), random.size);
  }
  std::uint64_t operator()(const RandomText& random) const {
    return generated(RandomTextStream(random.seed), random.size);
  }

  // A size of 0 may mean that the file does not say, as in /proc: it is read to its end.
  std::uint64_t operator()(const CopyOf& copy) const {
    const auto source = os::open_regular(copy.source.data());
    const auto size = source.size == 0 ? std::numeric_limits<std::uint64_t>::max() : source.size;
    std::uint64_t given = 0;
    while (given < size) {
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, size - given));
      const auto got = os::read_full(source.fd.get(), stream.buffer(), wanted);
      if (got < 0) os::throw_errno(Operation::read, copy.source);
      if (got == 0) break;
      given += static_cast<std::uint64_t>(got);
      if (!consume({stream.buffer(), static_cast<std::size_t>(got)})) return given;
    }
    if (given < source.size) {
      throw Error(Operation::read, std::string(copy.source), 0, Reason::ended_early);
    }
    return given;
  }

  std::uint64_t operator()(const SymlinkTo&) const { return 0; }
  std::uint64_t operator()(const Directory&) const { return 0; }

 private:
  template <class Generator>
  std::uint64_t generated(Generator generator, std::uint64_t size) const {
    std::uint64_t left = size;
    while (left > 0) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, left));
      generator.fill(stream.buffer(), part);
      left -= part;
      if (!consume({stream.buffer(), part})) break;
    }
    return size - left;
  }
};

std::uint64_t ContentStream::for_each_piece(const Content& content, const Consume& consume) {
  return std::visit(Streamer{*this, consume}, content);
}

// Whole units only, so that each block begins where the unit begins. No longer than what was asked
// for so far, doubled: a process that writes one small file should not touch 64 pages for it.
std::string_view ContentStream::block_of(const Fill& fill) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(fill.size, piece_size));
  const bool same_unit = unit_ == fill.unit;
  if (same_unit && block_.size() >= wanted) return block_;
  const std::size_t length =
      same_unit ? std::min(std::max(wanted, 2 * block_.size()), piece_size) : wanted;
  unit_ = fill.unit;
  const std::size_t repetitions = (length + unit_.size() - 1) / unit_.size();
  block_.clear();
  block_.reserve(repetitions * unit_.size());
  if (unit_.size() == 1) {
    block_.assign(repetitions, unit_.front());
  } else {
    for (std::size_t i = 0; i < repetitions; ++i) block_ += unit_;
  }
  return block_;
}

char* ContentStream::buffer() {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(piece_size);
  return buffer_.get();
}

namespace {

struct KnownSize {
  std::optional<std::uint64_t> operator()(const Bytes& bytes) const { return bytes.view.size(); }
  std::optional<std::uint64_t> operator()(const Fill& fill) const { return fill.size; }
  std::optional<std::uint64_t> operator()(const RandomBytes& random) const { return random.size; }
  std::optional<std::uint64_t> operator()(const RandomText& random) const { return random.size; }
  std::optional<std::uint64_t> operator()(const CopyOf&) const { return std::nullopt; }
  std::optional<std::uint64_t> operator()(const SymlinkTo&) const { return 0; }
  std::optional<std::uint64_t> operator()(const Directory&) const { return 0; }
};

}  // namespace

std::optional<std::uint64_t> known_size(const Content& content) {
  return std::visit(KnownSize{}, content);
}

}  // namespace ream::sink
