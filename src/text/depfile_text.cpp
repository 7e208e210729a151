#include "text/depfile_text.hpp"

#include <algorithm>

namespace ream::text {

namespace {

constexpr std::string_view unreadable = "*;|<>^`=?&'\"";
constexpr std::string_view special_in_a_target = "%[]";
constexpr std::string_view with_a_backslash = " #:";

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("/._-\\").find(c) != std::string_view::npos;
}

// Whether each backslash has only such behind it as leave it alone.
bool has_harmless_backslashes(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' && (i + 1 == path.size() || !is_plain(path[i + 1]))) return false;
  }
  return true;
}

// make takes it for a member of an archive.
bool is_like_a_member(std::string_view path) {
  return path.ends_with(')') && path.find('(', 1) != path.npos;
}

// make expands it to somebody's home directory, also behind a "./", which it takes away first.
bool begins_with_tilde(std::string_view path) {
  while (path.starts_with("./"))
    path.remove_prefix(std::min(path.find_first_not_of('/', 1), path.size()));
  return path.starts_with('~');
}

void append_path(std::string& text, std::string_view path) {
  for (const char c : path) {
    if (with_a_backslash.find(c) != with_a_backslash.npos) text += '\\';
    if (c == '$') text += '$';
    text += c;
  }
}

// As a target it would be a pattern.
bool may_have_a_line(std::string_view prerequisite) {
  return prerequisite.find('%') == prerequisite.npos;
}

}  // namespace

std::string problem_with_prerequisite(std::string_view path) {
  for (const char c : path) {
    if (is_control(c)) return "has a control character";
    if (unreadable.find(c) != unreadable.npos) return std::string("has a '") + c + "'";
  }
  if (path.empty()) return "is empty";
  if (path.ends_with(' ') || path.ends_with(':')) return "ends with a blank or a colon";
  if (!has_harmless_backslashes(path)) return "has a backslash before a special character";
  if (is_like_a_member(path)) return "looks like a member of an archive, \"a(b)\"";
  if (begins_with_tilde(path)) return "begins with '~' (give its absolute path)";
  return {};
}

std::string problem_with_depfile_target(std::string_view path) {
  const auto special = path.find_first_of(special_in_a_target);
  if (special != path.npos) return std::string("has a '") + path[special] + "'";
  return problem_with_prerequisite(path);
}

std::string depfile_text(std::string_view target, const std::vector<std::string>& prerequisites) {
  std::string text;
  append_path(text, target);
  text += ':';
  for (const auto& path : prerequisites) {
    text += ' ';
    append_path(text, path);
  }
  text += '\n';
  for (const auto& path : prerequisites) {
    if (!may_have_a_line(path)) continue;
    text += '\n';
    append_path(text, path);
    text += ":\n";
  }
  return text;
}

}  // namespace ream::text
