#include "plan/manifest_line.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

#include "os/beneath.hpp"
#include "os/mapped_file.hpp"
#include "plan/manifest_values.hpp"
#include "ream/error.hpp"
#include "text/base64.hpp"
#include "text/size_text.hpp"

namespace ream::plan {

namespace {

namespace ondemand = simdjson::ondemand;

static_assert(simdjson::SIMDJSON_PADDING <= os::MappedFile::padding);

enum class Key : unsigned {
  path,
  path64,
  content,
  base64,
  from,
  from64,
  fill,
  size,
  symlink,
  symlink64,
  directory,
  mode,
  mtime,
  sha256,
};

constexpr std::array<std::string_view, 14> key_names = {
    "path", "path64",  "content",   "base64",    "from", "from64", "fill",
    "size", "symlink", "symlink64", "directory", "mode", "mtime",  "sha256"};
static_assert(key_names.size() == static_cast<std::size_t>(Key::sha256) + 1);

// Those of which a line has exactly one.
constexpr std::array content_keys = {Key::content, Key::base64,  Key::from,      Key::from64,
                                     Key::fill,    Key::symlink, Key::symlink64, Key::directory};

constexpr unsigned bit(Key key) {
  return 1U << static_cast<unsigned>(key);
}

std::string_view name_of(Key key) {
  return key_names[static_cast<std::size_t>(key)];
}

[[noreturn]] void refuse_json(simdjson::error_code error) {
  if (error == simdjson::INCORRECT_TYPE) refuse("is not a JSON object");
  std::string_view why = simdjson::error_message(error);
  if (why.ends_with('.')) why.remove_suffix(1);
  refuse(fmt::format("is not a JSON object as expected: {}", why));
}

Key find_key(std::string_view name) {
  const auto found = std::find(key_names.begin(), key_names.end(), name);
  if (found == key_names.end()) refuse(fmt::format("has an unknown key {}", quoted(name)));
  return static_cast<Key>(found - key_names.begin());
}

// "directory": false would say what is no directory, not what it is.
void require_true(ondemand::value value) {
  bool yes = false;
  if (value.get_bool().get(yes) == simdjson::SUCCESS && yes) return;
  refuse("has a \"directory\" that is not true");
}

void check_no_nul(Key key, std::string_view text) {
  if (text.find('\0') != text.npos) refuse(fmt::format("has a NUL byte in \"{}\"", name_of(key)));
}

}  // namespace

struct ManifestLineParser::Buffers {
  std::string base_directory;
  ondemand::parser parser;
  std::string path;     // decoded from base64, where it was
  std::string content;  // likewise
  std::string target;   // NUL-terminated: of a link, or the source of a copy
};

namespace {

// The values of one line as they come, in any order.
class LineReader {
 public:
  LineReader(std::string& path, std::string& content, std::string& target,
             const std::string& base_directory)
      : path_(path), content_(content), target_(target), base_directory_(base_directory) {}

  void read(ondemand::object object);
  FileJob job() const;

 private:
  using Value = ondemand::value;

  void read_value(Key key, Value value);
  std::string_view string(Key key, Value value) const;
  std::string_view bytes(Key key, Value value, std::string& decoded) const;
  std::uint64_t size(Value value) const;
  void set_source(Key key, std::string_view source);
  void set_target(Key key, std::string_view target);
  void check_path() const;
  void check_kind() const;
  bool has(Key key) const { return (seen_ & bit(key)) != 0; }

  std::string& path_;
  std::string& content_;
  std::string& target_;
  const std::string& base_directory_;
  unsigned seen_ = 0;
  FileJob job_;
  std::string_view fill_unit_;
  std::uint64_t fill_size_ = 0;
};

void LineReader::read(ondemand::object object) {
  for (auto field : object) {
    std::string_view name;
    Value value;
    if (const auto error = field.unescaped_key().get(name)) refuse_json(error);
    const Key key = find_key(name);
    if (has(key)) refuse(fmt::format("has the key \"{}\" twice", name_of(key)));
    seen_ |= bit(key);
    if (const auto error = field.value().get(value)) refuse_json(error);
    read_value(key, value);
  }
}

void LineReader::read_value(Key key, Value value) {
  switch (key) {
    case Key::path:
      job_.path = string(key, value);
      break;
    case Key::path64:
      job_.path = bytes(key, value, path_);
      break;
    case Key::content:
      job_.content = Bytes{string(key, value)};
      break;
    case Key::base64:
      job_.content = Bytes{bytes(key, value, content_)};
      break;
    case Key::from:
      set_source(key, string(key, value));
      break;
    case Key::from64:
      set_source(key, bytes(key, value, content_));
      break;
    case Key::fill:
      fill_unit_ = string(key, value);
      break;
    case Key::size:
      fill_size_ = size(value);
      break;
    case Key::symlink:
      set_target(key, string(key, value));
      break;
    case Key::symlink64:
      set_target(key, bytes(key, value, content_));
      break;
    case Key::directory:
      require_true(value);
      job_.content = Directory{};
      break;
    case Key::mode:
      job_.mode = parse_mode(string(key, value));
      break;
    case Key::mtime:
      job_.mtime = parse_mtime(string(key, value));
      break;
    case Key::sha256:
      job_.sha256 = parse_sha256(string(key, value));
      break;
  }
}

std::string_view LineReader::string(Key key, Value value) const {
  std::string_view text;
  const auto error = value.get_string().get(text);
  if (error == simdjson::INCORRECT_TYPE) {
    refuse(fmt::format("has a \"{}\" that is not a string", name_of(key)));
  }
  if (error != simdjson::SUCCESS) {
    refuse(fmt::format("has a bad string as \"{}\": {}", name_of(key),
                       simdjson::error_message(error)));
  }
  return text;
}

std::string_view LineReader::bytes(Key key, Value value, std::string& decoded) const {
  const auto encoded = string(key, value);
  if (!text::decode_base64(encoded, decoded)) {
    refuse(fmt::format("has bad base64 in \"{}\": {}", name_of(key), excerpt(encoded)));
  }
  return decoded;
}

// A number of bytes, or a size as text ("4K").
std::uint64_t LineReader::size(Value value) const {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) == simdjson::SUCCESS && number <= INT64_MAX) return number;
  std::string_view written;
  if (value.get_string().get(written) == simdjson::SUCCESS) {
    if (const auto size = text::parse_size(written)) return *size;
  }
  refuse(fmt::format("has a bad \"size\": a whole number of bytes is expected, or {}",
                     text::size_help));
}

void LineReader::set_source(Key key, std::string_view source) {
  check_no_nul(key, source);
  if (source.empty()) refuse("names no file in \"from\"");
  target_.clear();
  if (source.front() != '/' && !base_directory_.empty()) target_ = base_directory_ + "/";
  target_ += source;
  job_.content = CopyOf{target_};
}

void LineReader::set_target(Key key, std::string_view target) {
  check_no_nul(key, target);
  if (target.empty()) refuse("has an empty link target");
  if (target.size() > os::longest_path) refuse("has a link target of more than 4095 bytes");
  target_ = target;
  job_.content = SymlinkTo{target_};
}

void LineReader::check_path() const {
  if (has(Key::path) && has(Key::path64)) refuse("has both \"path\" and \"path64\"");
  if (!has(Key::path) && !has(Key::path64)) refuse("has no \"path\"");
  const auto problem = os::problem_with_path(job_.path);
  if (!problem.empty()) refuse(fmt::format("the path {} {}", excerpt(job_.path), problem));
}

void LineReader::check_kind() const {
  std::string kinds;
  int count = 0;
  for (const auto key : content_keys) {
    if (!has(key)) continue;
    kinds += fmt::format("{}\"{}\"", count++ == 0 ? "" : " and ", name_of(key));
  }
  if (count == 0) {
    refuse(
        "says nothing of what to write: \"content\", \"base64\", \"from\", \"fill\", "
        "\"symlink\" or \"directory\" is expected");
  }
  if (count > 1) refuse(fmt::format("has {}: only one of them is possible", kinds));
  if (has(Key::fill) != has(Key::size)) refuse("has one of \"fill\" and \"size\": both are needed");
  if (has(Key::fill) && fill_unit_.empty()) refuse("has nothing to \"fill\" with");
  const bool link = has(Key::symlink) || has(Key::symlink64);
  if (link && has(Key::mode)) refuse("has a \"mode\" for a link, which has none");
  if ((link || has(Key::directory)) && has(Key::sha256))
    refuse("has a \"sha256\" for what is no file");
}

FileJob LineReader::job() const {
  check_path();
  check_kind();
  FileJob job = job_;
  if (has(Key::fill)) job.content = Fill{fill_unit_, fill_size_};
  return job;
}

// After a very long line its buffers, five times as large, are given back with the next short one.
constexpr std::size_t worth_keeping = std::size_t{1} << 20;

}  // namespace

ManifestLineParser::ManifestLineParser(std::string base_directory)
    : buffers_(std::make_unique<Buffers>()) {
  buffers_->base_directory = std::move(base_directory);
}

ManifestLineParser::~ManifestLineParser() = default;

FileJob ManifestLineParser::parse(std::string_view line) {
  auto& parser = buffers_->parser;
  if (parser.capacity() > worth_keeping && line.size() <= worth_keeping) {
    parser = ondemand::parser();
  }
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view padded(line, line.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser.iterate(padded).get(document)) refuse_json(error);
  if (const auto error = document.get_object().get(object)) refuse_json(error);
  LineReader reader(buffers_->path, buffers_->content, buffers_->target, buffers_->base_directory);
  reader.read(object);
  // On-demand parsing stops at the object's last brace and says nothing of what follows.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    refuse("goes on after the end of its object");
  }
  return reader.job();
}

}  // namespace ream::plan
