// A job's content as a stream of pieces, whatever kind it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::sink {

// Holds the memory that contents are streamed through: one for each process.
class ContentStream {
 public:
  // Gets a piece, valid during the call; false ends the stream.
  using Consume = std::function<bool(std::string_view)>;

  // Streams `content` in order. Returns the number of bytes given to `consume`. A link or a
  // directory has none. Throws Error where a source cannot be read, or ends before the size that it
  // had.
  std::uint64_t for_each_piece(const Content& content, const Consume& consume);

 private:
  std::string_view block_of(const Fill& fill);
  char* buffer();

  std::string unit_;   // what block_ repeats
  std::string block_;  // kept between files: a batch mostly has one unit
  std::unique_ptr<char[]> buffer_;

  struct Streamer;
};

// How long the content will be, where that is known without a look at a source.
std::optional<std::uint64_t> known_size(const Content& content);

}  // namespace ream::sink
