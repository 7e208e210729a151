#include "batch/record_text.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <iterator>

#include "os/beneath.hpp"
#include "ream/error.hpp"
#include "text/base64.hpp"
#include "text/hexadecimal.hpp"
#include "text/json_text.hpp"

namespace ream {

namespace {

namespace json = boost::json;

[[noreturn]] void refuse(std::string problem) {
  throw BadRecordLine{std::move(problem)};
}

std::string string_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (value == nullptr || !value->is_string()) refuse(fmt::format("has no text as \"{}\"", key));
  return {value->get_string().data(), value->get_string().size()};
}

bool has(const json::object& object, std::string_view key) {
  return object.contains(json::string_view(key.data(), key.size()));
}

// A name, as text or as base64 where it is not UTF-8.
std::string name_of(const json::object& object, std::string_view key) {
  const auto key64 = std::string(key) + "64";
  if (!has(object, key64)) return string_of(object, key);
  std::string name;
  if (!text::decode_base64(string_of(object, key64), name)) {
    refuse(fmt::format("has bad base64 in \"{}\"", key64));
  }
  return name;
}

std::uint64_t size_of(const json::object& object) {
  const auto* value = object.if_contains("size");
  boost::system::error_code problem;
  const auto size = value == nullptr ? 0 : value->to_number<std::uint64_t>(problem);
  if (value == nullptr || problem) refuse("has no whole number as \"size\"");
  return size;
}

Sha256 digest_of(const json::object& object) {
  const auto digest = text::parse_sha256(string_of(object, "sha256"));
  if (!digest) refuse("has a \"sha256\" that is not 64 hexadecimal digits");
  return *digest;
}

json::object parse_object(std::string_view line) {
  boost::system::error_code problem;
  auto value = json::parse(json::string_view(line.data(), line.size()), problem);
  if (problem || !value.is_object()) refuse("is no line of a record of ream's");
  return std::move(value.get_object());
}

void read_kind(RecordEntry& entry, const json::object& object) {
  if (has(object, "directory")) {
    entry.kind = RecordEntry::Kind::directory;
  } else if (has(object, "symlink") || has(object, "symlink64")) {
    entry.kind = RecordEntry::Kind::link;
    entry.target = name_of(object, "symlink");
  } else {
    entry.size = size_of(object);
    entry.digest = digest_of(object);
  }
}

std::size_t members_of(RecordEntry::Kind kind) {
  return kind == RecordEntry::Kind::file ? 3 : 2;
}

}  // namespace

std::string record_heading(const RecordOrigin& origin) {
  std::string text = R"({"ream": "record", "version": 2, )";
  text::append_text_member(text, "directory", origin.directory);
  text += ", ";
  text::append_text_member(text, "manifest", origin.manifest);
  return text + "}";
}

RecordOrigin parse_record_heading(std::string_view line) {
  if (!line.starts_with(R"({"ream": "record", "version": )")) {
    refuse(R"(is no record of ream's, which would begin with {"ream": "record"})");
  }
  if (!line.starts_with(R"({"ream": "record", "version": 2, )")) {
    refuse(
        "is of another version of ream: remove it, and this run begins a new one (what earlier "
        "runs "
        "left, and the manifest does not have any more, stays then)");
  }
  const auto object = parse_object(line);
  return {name_of(object, "directory"), name_of(object, "manifest")};
}

void append_record_line(std::string& text, const RecordEntry& entry) {
  text += '{';
  text::append_text_member(text, "path", entry.path);
  if (entry.kind == RecordEntry::Kind::directory) {
    text += ", \"directory\": true";
  } else if (entry.kind == RecordEntry::Kind::link) {
    text += ", ";
    text::append_text_member(text, "symlink", entry.target);
  } else {
    fmt::format_to(std::back_inserter(text), ", \"size\": {}, \"sha256\": \"", entry.size);
    text::append_hexadecimal(text, entry.digest);
    text += '"';
  }
  text += "}\n";
}

RecordEntry parse_record_line(std::string_view line) {
  const auto object = parse_object(line);
  RecordEntry entry;
  entry.path = name_of(object, "path");
  const auto problem = os::problem_with_path(entry.path);
  if (!problem.empty()) refuse(fmt::format("the path {} {}", quoted(entry.path), problem));
  read_kind(entry, object);
  if (object.size() != members_of(entry.kind)) refuse("has an unknown key");
  return entry;
}

}  // namespace ream
