#include "ream/generator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "os/beneath.hpp"
#include "plan/name_pattern.hpp"
#include "random.hpp"
#include "ream/error.hpp"

namespace ream {

namespace {

using Options = GeneratorOptions;

struct GeneratorScratch final : Plan::Scratch {
  std::string path;
};

std::uint64_t directories_of(const Options& options) {
  return (options.count - 1) / options.files_per_directory + 1;
}

class Generator final : public Plan {
 public:
  explicit Generator(const Options& options)
      : options_(options),
        pattern_(options.name),
        directory_digits_(options.files_per_directory == 0
                              ? 0
                              : fmt::formatted_size("{}", directories_of(options))) {}

  std::uint64_t size() const override { return options_.count; }

  std::unique_ptr<Scratch> make_scratch() const override {
    return std::make_unique<GeneratorScratch>();
  }

  FileJob job(std::uint64_t index, Scratch& scratch) const override {
    auto& path = static_cast<GeneratorScratch&>(scratch).path;
    path.clear();
    append_path(index, path);
    FileJob job;
    job.path = path;
    job.content = content(index);
    return job;
  }

  std::string place(std::uint64_t index) const override {
    return fmt::format("file {}", index + 1);
  }

  // One file has no other to collide with.
  bool is_known_good() const override { return pattern_.is_injective() || options_.count == 1; }

 private:
  void append_path(std::uint64_t index, std::string& path) const {
    if (options_.files_per_directory != 0) {
      fmt::format_to(std::back_inserter(path), "d{:0{}}/", index / options_.files_per_directory + 1,
                     directory_digits_);
    }
    pattern_.append(index + 1, path);
  }

  std::uint64_t size_of(std::uint64_t index) const {
    if (!options_.size) return index + 1;
    if (!options_.largest_size) return *options_.size;
    return scale_to(*options_.size, *options_.largest_size, random_at(options_.seed, index));
  }

  Content content(std::uint64_t index) const {
    const auto size = size_of(index);
    // Drawn apart from the size, or files of one size would be equal.
    const auto seed = random_at(~options_.seed, index);
    switch (options_.fill) {
      case Options::FillKind::random:
        return RandomBytes{seed, size};
      case Options::FillKind::text:
        return RandomText{seed, size};
      case Options::FillKind::unit:
        break;
    }
    return Fill{options_.fill_unit, size};
  }

  Options options_;
  plan::NamePattern pattern_;
  std::size_t directory_digits_;
};

void check(const Options& options) {
  if (options.count == 0) throw InputError("--count", "a batch has at least one file");
  if (options.fill_unit.empty()) throw InputError("--fill", "there is nothing to fill with");
  if (options.largest_size && *options.largest_size < options.size.value_or(0)) {
    throw InputError("--size", "the range ends before it begins");
  }
}

// The first and the last name have every component that a plain pattern can give, and the longest.
void check_paths_at_the_ends(const Plan& generator, const std::string& pattern) {
  const auto scratch = generator.make_scratch();
  for (const auto index : {std::uint64_t{0}, generator.size() - 1}) {
    const auto path = generator.job(index, *scratch).path;
    const auto problem = os::problem_with_path(path);
    if (problem.empty()) continue;
    throw InputError(fmt::format("--name {}", quoted(pattern)),
                     fmt::format("the path {} {}", quoted(path), problem));
  }
}

}  // namespace

std::unique_ptr<Plan> make_generator(const GeneratorOptions& options) {
  check(options);
  auto generator = std::make_unique<Generator>(options);
  check_paths_at_the_ends(*generator, options.name);
  return generator;
}

}  // namespace ream
