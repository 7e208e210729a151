#include "ream/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "os/errors.hpp"
#include "os/file.hpp"
#include "os/mapped_file.hpp"
#include "os/standard_input.hpp"
#include "plan/manifest_line.hpp"
#include "ream/error.hpp"

namespace ream {

namespace {

namespace fs = boost::filesystem;

struct ManifestScratch final : Plan::Scratch {
  explicit ManifestScratch(const std::string& base_directory) : parser(base_directory) {}
  plan::ManifestLineParser parser;
};

// Where each line begins, and where the line after the last would.
using LineStarts = std::vector<std::uint64_t>;

InputError bad_line(const std::string& name, std::uint64_t index, std::string problem) {
  return InputError(fmt::format("{}:{}", name, index + 1), std::move(problem));
}

// So many lines that the vector need not grow, which would take twice the memory for a moment.
std::size_t estimated_lines(std::string_view bytes) {
  constexpr std::size_t sample_size = std::size_t{1} << 16;
  const auto sample = bytes.substr(0, sample_size);
  const auto lines = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\n')) + 1;
  return bytes.size() / sample.size() * lines + lines + 1;
}

LineStarts find_lines(const os::MappedFile& map, std::string_view bytes) {
  LineStarts starts;
  starts.reserve(estimated_lines(bytes));
  for (std::uint64_t begin = 0; begin < bytes.size();) {
    const auto* newline =
        static_cast<const char*>(std::memchr(bytes.data() + begin, '\n', bytes.size() - begin));
    const auto end =
        newline == nullptr ? bytes.size() : static_cast<std::uint64_t>(newline - bytes.data());
    if (end - begin > longest_manifest_line) {
      if (map.was_truncated()) break;  // zeros have no newlines
      throw bad_line(map.name(), starts.size(),
                     fmt::format("has {} bytes; a line has at most {} (name larger contents by "
                                 "\"from\")",
                                 end - begin, longest_manifest_line));
    }
    starts.push_back(begin);
    begin = end + 1;
  }
  // As if the last line ended in a newline, where it does not.
  starts.push_back(bytes.back() == '\n' ? bytes.size() : bytes.size() + 1);
  return starts;
}

class Manifest final : public Plan {
 public:
  Manifest(os::Fd fd, std::size_t size, std::size_t offset, std::string name,
           std::string base_directory)
      : map_(fd, size, std::move(name)),
        fd_(std::move(fd)),
        opened_(os::status(fd_.get())),
        base_directory_(std::move(base_directory)) {
    if (!opened_) os::throw_errno(Operation::inspect, map_.name());
    bytes_ = map_.bytes().substr(std::min(offset, size));
    if (bytes_.empty()) throw InputError(map_.name(), "is empty");
    starts_ = find_lines(map_, bytes_);
    check_source();
  }

  std::uint64_t size() const override { return starts_.size() - 1; }

  std::unique_ptr<Scratch> make_scratch() const override {
    return std::make_unique<ManifestScratch>(base_directory_);
  }

  FileJob job(std::uint64_t index, Scratch& scratch) const override {
    const auto line = bytes_.substr(starts_[index], starts_[index + 1] - starts_[index] - 1);
    try {
      if (line.empty()) throw plan::BadLine{"is empty"};
      return static_cast<ManifestScratch&>(scratch).parser.parse(line);
    } catch (plan::BadLine& bad) {
      check_source();  // a line that reads as zeros is not the writer's fault
      throw bad_line(map_.name(), index, std::move(bad.problem));
    }
  }

  std::string place(std::uint64_t index) const override {
    return fmt::format("{}:{}", map_.name(), index + 1);
  }

  void check_source() const override {
    if (map_.was_truncated()) {
      throw Error(Operation::read, map_.name(), 0, Reason::ended_early);
    }
    const auto now = os::status(fd_.get());
    if (!now) os::throw_errno(Operation::inspect, map_.name());
    const bool same = now->mtime == opened_->mtime && now->size == opened_->size;
    if (!same) throw InputError(map_.name(), "was changed while it was read");
  }

 private:
  os::MappedFile map_;
  os::Fd fd_;
  std::optional<os::Status> opened_;
  std::string base_directory_;
  std::string_view bytes_;
  LineStarts starts_;
};

// A manifest that cannot be opened or read is bad input as well.
template <class Open>
auto as_input(Open open) {
  try {
    return open();
  } catch (const Error& error) {
    if (error.operation() != Operation::open && error.operation() != Operation::read) throw;
    const bool may_be_a_pipe = error.reason() == Reason::not_a_regular_file;
    throw InputError("manifest", fmt::format("{}{}", error.what(),
                                             may_be_a_pipe ? " (a pipe is read as '-')" : ""));
  }
}

std::unique_ptr<Plan> open_standard_input() {
  auto input = as_input([] { return os::open_standard_input(); });
  return std::make_unique<Manifest>(std::move(input.fd), input.size, input.offset, "standard input",
                                    "");
}

}  // namespace

std::unique_ptr<Plan> open_manifest(const fs::path& path) {
  if (path == "-") return open_standard_input();
  auto file = as_input([&] { return os::open_regular(path.c_str()); });
  return std::make_unique<Manifest>(std::move(file.fd), file.size, 0, path.string(),
                                    path.parent_path().string());
}

}  // namespace ream
