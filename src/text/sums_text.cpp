#include "text/sums_text.hpp"

#include "text/hexadecimal.hpp"

namespace ream::text {

namespace {

constexpr std::size_t digits = 64;
constexpr std::string_view escaped_characters = "\\\n\r";
constexpr std::string_view their_letters = "\\nr";

void append_escaped(std::string& text, std::string_view path) {
  for (const char c : path) {
    const auto found = escaped_characters.find(c);
    if (found == escaped_characters.npos) {
      text += c;
    } else {
      text += '\\';
      text += their_letters[found];
    }
  }
}

std::optional<std::string> unescaped(std::string_view path) {
  std::string result;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '\\') {
      result += path[i];
      continue;
    }
    const auto found = ++i < path.size() ? their_letters.find(path[i]) : their_letters.npos;
    if (found == their_letters.npos) return std::nullopt;
    result += escaped_characters[found];
  }
  return result;
}

}  // namespace

void append_sums_line(std::string& text, const Sha256& digest, std::string_view path, LineEnd end) {
  const bool escaped =
      end == LineEnd::newline && path.find_first_of(escaped_characters) != path.npos;
  if (escaped) text += '\\';
  append_hexadecimal(text, digest);
  text += "  ";
  if (path == "-") text += "./";  // alone it would mean standard input
  if (escaped) {
    append_escaped(text, path);
  } else {
    text += path;
  }
  text += static_cast<char>(end);
}

std::optional<SumsLine> parse_sums_line(std::string_view line, LineEnd end) {
  const bool escaped = end == LineEnd::newline && line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  if (line.size() <= digits + 2 || line[digits] != ' ') return std::nullopt;
  if (line[digits + 1] != ' ' && line[digits + 1] != '*') return std::nullopt;
  const auto digest = parse_sha256(line.substr(0, digits));
  auto path = std::optional<std::string>(line.substr(digits + 2));
  if (escaped) path = unescaped(*path);
  if (!digest || !path) return std::nullopt;
  return SumsLine{*digest, std::move(*path)};
}

}  // namespace ream::text
