#include "cli/status_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

void StatusLine::show(std::string text) {
  // A line that wraps could not be erased again.
  text.resize(std::min<std::size_t>(text.size(), os::terminal_columns() - 1));
  os::write_standard_error(fmt::format("{}{}", erase_line, text));
  shown_ = true;
}

void StatusLine::clear() noexcept {
  if (shown_) os::write_standard_error(erase_line);
  shown_ = false;
}

}  // namespace ream::cli
