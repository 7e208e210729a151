#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/choices.hpp"
#include "cli/quantities.hpp"
#include "os/standard_streams.hpp"

namespace ream::cli {

namespace {

// A rate from less than this is a guess.
constexpr double too_early = 0.2;

}  // namespace

void add_progress_options(po::options_description& group, const char* about_quiet) {
  group.add_options()("progress", takes(one_of(occasion_choices)),
                      "auto: on a terminal (default: auto)")("quiet,q", po::bool_switch(),
                                                             about_quiet);
}

Exclusion quiet_against_progress() {
  return {{{"quiet", flag_on}, {"progress", "always"}}, ""};
}

bool progress_is_wanted(const Arguments& arguments) {
  const auto when = occasion_choices[arguments.choice("progress", occasion_choices)];
  if (arguments.flag("quiet")) return false;
  return when == "always" || (when == "auto" && os::standard_error_is_terminal());
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
