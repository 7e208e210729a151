// A plan of generated files: names from a pattern, contents from a rule.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ream/api.hpp"
#include "ream/plan.hpp"

namespace ream {

struct GeneratorOptions {
  // File number i (from 1) has exactly i bytes where both are absent; `size` alone gives every file
  // that size; both give each a size between them (inclusive), drawn from `seed` and i alone, so
  // that it does not depend on the number of workers.
  std::optional<std::uint64_t> size = {};
  std::optional<std::uint64_t> largest_size = {};

  std::uint64_t count = 500;
  std::uint64_t seed = 1;

  enum class FillKind { unit, random, text };
  FillKind fill = FillKind::unit;
  std::string fill_unit = "=";  // repeated, and cut where the size ends

  // A format for the number i, in fmt's syntax (https://fmt.dev/9.1.0/syntax.html): "info{}",
  // "page-{:05}.html", "d{0}/f{0}". Widths up to 255; no nested fields.
  std::string name = "info{}";

  // Above 0: the files are spread over directories d1, d2, … of at most so many files each, the
  // numbers zero-padded to one width.
  std::uint64_t files_per_directory = 0;
};

// Throws InputError for a bad pattern, an empty range, a count of 0, or names that are not paths.
// A pattern that may give one path twice is accepted here and found by check_plan.
REAM_API std::unique_ptr<Plan> make_generator(const GeneratorOptions& options);

}  // namespace ream
