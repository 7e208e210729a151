#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/quantities.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

// A rate from less than this is a guess.
constexpr double too_early = 0.2;

}  // namespace

Exclusion quiet_against_progress() {
  return {{{"quiet", flag_on}, {"progress", "always"}}, ""};
}

bool progress_is_wanted(const Arguments& arguments) {
  const auto when = arguments.choice("progress", {"auto", "always", "never"});
  if (arguments.flag("quiet")) return false;
  return when == 1 || (when == 0 && os::standard_error_is_terminal());
}

std::string progress_text(std::uint64_t entries, const WriteProgress& progress, double seconds) {
  auto text = fmt::format("{} of {}, {}", with_commas(progress.entries_ended),
                          counted(entries, "file"), readable_bytes(progress.bytes));
  if (seconds < too_early || progress.entries_ended == 0) return text;
  const double rate = static_cast<double>(progress.entries_ended) / seconds;
  const auto left = entries - std::min(progress.entries_ended, entries);
  return text + fmt::format(", {} files/s, {} left", with_commas(static_cast<std::uint64_t>(rate)),
                            whole_seconds(static_cast<double>(left) / rate));
}

void ProgressLine::show(const WriteProgress& progress) {
  line_.show(progress_text(entries_, progress, since_start_.seconds()));
}

}  // namespace ream::cli
