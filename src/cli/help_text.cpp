#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/option_table.hpp"

namespace ream::cli {

namespace {

constexpr std::size_t columns = 96;
constexpr std::size_t widest_names = 40;

// "  -j, --jobs N  ".
std::string names_of(const OptionRow& row) {
  return fmt::format("  {}{}{}{}{}  ", row.short_name, row.short_name.empty() ? "" : ", ",
                     row.long_name, row.takes.empty() ? "" : " ", row.takes);
}

// As wide as the widest names, but those that get a line of their own.
std::size_t width_of_names(const CommandLine& line) {
  std::size_t width = 0;
  for (const auto& group : line.groups) {
    for (const auto& row : option_rows(group)) {
      const auto size = names_of(row).size();
      if (size <= widest_names) width = std::max(width, size);
    }
  }
  return width;
}

// Where a line of at most `width` ends: at a space, or where there is none to end it at.
std::size_t end_of_line(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const auto space = text.rfind(' ', width);
  return space == text.npos ? text.size() : space;
}

std::string in_lines(std::string_view text, std::size_t margin) {
  std::string lines;
  while (true) {
    const auto end = end_of_line(text, columns - margin);
    lines.append(text.substr(0, end)) += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (text.empty()) return lines;
    lines.append(margin, ' ');
  }
}

std::string text_of(const OptionRow& row, std::size_t margin) {
  auto text = names_of(row);
  if (text.size() > margin) text = text.substr(0, text.size() - 2) + "\n";
  const auto column = text.back() == '\n' ? 0 : text.size();
  return text.append(margin - column, ' ') + in_lines(row.about, margin);
}

}  // namespace

std::string help_text(const CommandLine& line) {
  const auto margin = width_of_names(line);
  auto text = fmt::format("Usage: {}\n\n{}\n", usage(line), line.about);
  for (const auto& group : line.groups) {
    text += fmt::format("\n{}:\n", group.title());
    for (const auto& row : option_rows(group)) text += text_of(row, margin);
  }
  return text +
         fmt::format("\nExample ('man ream-{}' has more):\n{}\n", line.command, line.example);
}

}  // namespace ream::cli
