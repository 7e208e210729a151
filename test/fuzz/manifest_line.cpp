// Parses any bytes as a manifest's line. Whatever is accepted must be JSON to Boost.JSON too, with
// the same strings, and its path must stay beneath the root: an independent parser is the oracle.
#include "plan/manifest_line.hpp"

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "os/beneath.hpp"
#include "os/mapped_file.hpp"

namespace {

using namespace ream;
namespace json = boost::json;

void require(bool condition) {
  if (!condition) std::abort();
}

std::string text_of(const json::object& object, const char* key) {
  const auto& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

void compare_with_oracle(const FileJob& job, std::string_view line) {
  json::error_code problem;
  const auto value = json::parse(json::string_view(line.data(), line.size()), problem);
  require(!problem);
  const auto& object = value.as_object();
  if (object.contains("path")) require(job.path == text_of(object, "path"));
  if (object.contains("content")) {
    require(std::get<Bytes>(job.content).view == text_of(object, "content"));
  }
  if (object.contains("fill")) require(std::get<Fill>(job.content).unit == text_of(object, "fill"));
  if (object.contains("symlink")) {
    require(std::get<SymlinkTo>(job.content).target == text_of(object, "symlink"));
  }
  require(object.contains("mode") == job.mode.has_value());
  require(object.contains("mtime") == job.mtime.has_value());
  require(object.contains("sha256") == job.sha256.has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static plan::ManifestLineParser parser("base");
  std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find('\n') != text.npos) return 0;  // the driver divides there
  text.append(os::MappedFile::padding, '\0');
  const auto line = std::string_view(text).substr(0, size);
  try {
    const auto job = parser.parse(line);
    require(os::problem_with_path(job.path).empty());
    require(job.mode.value_or(0) <= 0777);
    require(job.mtime.value_or(FileTime{}).nanoseconds < 1'000'000'000);
    compare_with_oracle(job, line);
  } catch (const plan::BadLine& bad) {
    require(!bad.problem.empty());
  }
  return 0;
}
