#include "ream/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "listing/walk.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/mapped_file.hpp"
#include "ream/error.hpp"
#include "ream/pool.hpp"
#include "sink/file_digest.hpp"
#include "sink/tree.hpp"
#include "text/sums_text.hpp"

namespace ream {

namespace fs = boost::filesystem;

namespace {

constexpr const char* no_line =
    "is no line of a checksum file (\"<sha256 in hexadecimal>  <path>\")";

// The lines of a checksum file, in memory.
class SumsLines {
 public:
  SumsLines(const fs::path& path, text::LineEnd end) : end_(end), map_(open(path)) {
    for (std::size_t begin = 0; begin < bytes().size();) {
      const auto line_end = std::min(bytes().find(static_cast<char>(end_), begin), bytes().size());
      starts_.push_back(begin);
      // Else a file of ends of lines alone would take 40 times its size of memory.
      if (line_end - begin < text::shortest_sums_line) refuse(starts_.size() - 1, no_line);
      begin = line_end + 1;
    }
  }

  std::uint64_t size() const noexcept { return starts_.size(); }

  // Throws InputError.
  text::SumsLine line(std::uint64_t index) const {
    auto parsed = text::parse_sums_line(text_of(index), end_);
    if (!parsed) refuse(index, no_line);
    while (parsed->path.starts_with("./")) parsed->path.erase(0, 2);  // as find(1) names files
    const auto problem = os::problem_with_path(parsed->path);
    if (!problem.empty()) {
      refuse(index, fmt::format("the path {} {}", quoted(parsed->path), problem));
    }
    return std::move(*parsed);
  }

  // Throws InputError where the file lost pages while it was read.
  void check_source() const {
    if (map_.was_truncated()) throw InputError(map_.name(), "was truncated while it was read");
  }

 private:
  static os::MappedFile open(const fs::path& path) {
    try {
      const auto file = os::open_regular(path.c_str());
      return os::MappedFile(file.fd, file.size, path.string());
    } catch (const Error& error) {
      throw InputError("checksum file", error.what());
    }
  }

  std::string_view bytes() const noexcept { return map_.bytes(); }

  std::string_view text_of(std::uint64_t index) const noexcept {
    const auto rest = bytes().substr(starts_[index]);
    return rest.substr(0, rest.find(static_cast<char>(end_)));
  }

  [[noreturn]] void refuse(std::uint64_t index, std::string problem) const {
    check_source();
    throw InputError(fmt::format("{}:{}", map_.name(), index + 1), std::move(problem));
  }

  text::LineEnd end_;
  os::MappedFile map_;
  std::vector<std::size_t> starts_;
};

// What a worker found of a line's file.
struct Finding {
  enum class Kind : std::uint8_t { none, as_it_should_be, different, failure };
  Kind kind;
  Operation operation;
  Reason reason;
  int error_number;
  std::uint64_t size;
};

class Comparison {
 public:
  Comparison(const SumsLines& lines, int root) : lines_(lines), tree_(root) {}

  // A line that is none fails its job, and so ends the run: the driver reads it again.
  void compare(std::uint64_t index, Job<Finding>& job) {
    job.result() = compare(lines_.line(index));
    job.add_units(job.result().size);
  }

 private:
  Finding compare(const text::SumsLine& line) {
    try {
      const auto found = digest_of(line.path);
      const bool same = found.digest == line.digest;
      return {
          same ? Finding::Kind::as_it_should_be : Finding::Kind::different, {}, {}, 0, found.size};
    } catch (const Error& error) {
      return {Finding::Kind::failure, error.operation(), error.reason(), error.error_number(), 0};
    }
  }

  sink::FileDigest digest_of(const std::string& path) {
    return digester_.digest_of(tree_.place(path, sink::MissingDirectories::are_an_error), path);
  }

  const SumsLines& lines_;
  sink::Tree tree_;
  sink::FileDigester digester_;
};

bool is_missing(const Finding& finding) {
  return finding.kind == Finding::Kind::failure && finding.error_number == ENOENT;
}

Difference difference_of(const Finding& finding, const std::string& path) {
  using Kind = Difference::Kind;
  if (is_missing(finding)) return {Kind::missing, path, quoted(path) + " is missing"};
  if (finding.kind == Finding::Kind::different) {
    return {Kind::different, path, quoted(path) + " is different"};
  }
  const auto text = describe_failure(finding.operation, path, finding.error_number, finding.reason);
  const bool is_else = finding.reason == Reason::not_a_regular_file ||
                       finding.reason == Reason::link_in_the_way ||
                       finding.reason == Reason::file_in_the_way;
  return {is_else ? Kind::different : Kind::unreadable, path, text};
}

// Of a file that could not even be looked at: there was no memory, or its worker died, twice.
Difference not_compared(const std::string& path) {
  return {Difference::Kind::unreadable, path, quoted(path) + " could not be read"};
}

// Throws InputError for the first line that is none: its job has failed.
void collect(Verification& result, const SumsLines& lines, const PoolRun<Finding>& run) {
  std::uint64_t left = 0;
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    const auto& finding = run.result(index);
    if (run.state(index) == JobState::failed) {
      result.differences.push_back(not_compared(lines.line(index).path));
    } else if (run.state(index) != JobState::done) {
      ++left;
    } else if (finding.kind == Finding::Kind::as_it_should_be) {
      ++result.files;
      result.bytes += finding.size;
    } else {
      result.differences.push_back(difference_of(finding, lines.line(index).path));
    }
  }
  result.trouble = run.trouble();
  result.stopped_by = run.stopped_by();
  if (left > 0 && result.trouble.empty() && !result.stopped_by) {
    result.trouble = fmt::format("{} files were not read, since one could not be", left);
  }
}

bool may_be_extra(EntryType type) {
  return type != EntryType::directory && type != EntryType::symlink;
}

void find_extra(Verification& result, const SumsLines& lines, const fs::path& directory) {
  std::unordered_set<std::string> named;
  named.reserve(lines.size());
  for (std::uint64_t index = 0; index < lines.size(); ++index) {
    named.insert(lines.line(index).path);
  }
  TreeWalk walk(directory);
  for (bool more = true; more;) {
    try {
      more = walk.next();
      if (!more || !may_be_extra(walk.type()) || named.contains(walk.path())) continue;
      result.differences.push_back({Difference::Kind::extra, walk.path(),
                                    quoted(walk.path()) + " is extra: no line names it"});
    } catch (const Error& error) {  // the walk goes on behind what it cannot read
      result.differences.push_back({Difference::Kind::unreadable, error.path(), error.what()});
    }
  }
}

PoolOptions pool_options(const VerifyOptions& options) {
  PoolOptions pool;
  pool.workers = options.workers;
  pool.slots = options.slots;
  pool.stop_signals = options.stop_signals;
  return pool;
}

}  // namespace

Verification verify(const fs::path& directory, const fs::path& sums, const VerifyOptions& options) {
  const auto end = options.lines_end_with_nul ? text::LineEnd::nul : text::LineEnd::newline;
  const SumsLines lines(sums, end);
  const auto root = os::open_root(directory.c_str());
  if (!root) os::throw_errno(Operation::open_directory, directory.native());
  Comparison comparison(lines, root.get());
  const auto run = run_jobs<Finding>(
      lines.size(), [&](std::uint64_t index, Job<Finding>& job) { comparison.compare(index, job); },
      {}, pool_options(options));
  Verification result;
  collect(result, lines, run);
  lines.check_source();
  if (options.exact && !result.stopped_by) find_extra(result, lines, directory);
  return result;
}

}  // namespace ream
