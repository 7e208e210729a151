// Whether progress is shown, and the line on the terminal that says how far a batch is.
#pragma once

#include <cstdint>
#include <string>

#include "cli/arguments.hpp"
#include "cli/status_line.hpp"
#include "os/clock.hpp"
#include "ream/write_options.hpp"

namespace ream::cli {

// Adds --progress and --quiet.
void add_progress_options(po::options_description& group, const char* about_quiet);

// Says the same as --progress.
inline constexpr Variable progress_variable = {"progress", "REAM_PROGRESS"};

// Only a --quiet that ranks below it yields to it, which then says nothing of the rest either.
Exclusion quiet_against_progress();

// By --progress and --quiet. Throws UsageError.
bool progress_is_wanted(const Arguments& arguments);

class ProgressLine {
 public:
  explicit ProgressLine(std::uint64_t entries) : entries_(entries) {}

  void show(const WriteProgress& progress);

 private:
  std::uint64_t entries_;
  os::Stopwatch since_start_;
  StatusLine line_;
};

// "1,234 of 5,000 files, 4.8 MiB, 41,000 files/s, 2 s left".
std::string progress_text(std::uint64_t entries, const WriteProgress& progress, double seconds);

}  // namespace ream::cli
