#include "sink/random_content.hpp"

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace ream::sink {

namespace {

constexpr std::size_t line_width = 72;

constexpr std::array<std::string_view, 64> words = {
    "the",    "of",     "and",   "to",     "in",      "is",     "that",   "for",
    "paper",  "sheet",  "ream",  "folio",  "quire",   "page",   "letter", "ink",
    "press",  "type",   "print", "proof",  "margin",  "column", "line",   "word",
    "a",      "on",     "with",  "as",     "by",      "at",     "from",   "or",
    "binder", "thread", "glue",  "spine",  "cover",   "title",  "author", "index",
    "reads",  "writes", "folds", "cuts",   "gathers", "sews",   "stacks", "keeps",
    "white",  "heavy",  "thin",  "smooth", "rough",   "old",    "new",    "plain",
    "never",  "always", "often", "slowly", "quickly", "there",  "here",   "again"};

}  // namespace

void RandomByteStream::fill(char* buffer, std::size_t size) noexcept {
  while (size > 0) {
    const std::uint64_t number = boost::endian::native_to_little(numbers_.next());
    const std::size_t part = std::min(size, sizeof number);
    std::memcpy(buffer, &number, part);
    buffer += part;
    size -= part;
  }
}

std::string_view RandomTextStream::next_word() noexcept {
  if (separator_due_) {
    separator_due_ = false;
    const bool line_is_full = line_length_ >= line_width;
    line_length_ = line_is_full ? 0 : line_length_ + 1;
    return line_is_full ? "\n" : " ";
  }
  const auto word = words[numbers_.next() % words.size()];
  line_length_ += word.size();
  separator_due_ = true;
  return word;
}

void RandomTextStream::fill(char* buffer, std::size_t size) noexcept {
  while (size > 0) {
    if (pending_.empty()) pending_ = next_word();
    const std::size_t part = std::min(size, pending_.size());
    std::memcpy(buffer, pending_.data(), part);
    pending_.remove_prefix(part);
    buffer += part;
    size -= part;
  }
}

}  // namespace ream::sink
