// A recording as people read it.
#pragma once

#include <string>

#include "bench/recording.hpp"

namespace ream::bench {

enum class Color { no, yes };

// Where and what was measured, a table of the arms with bars, their phases, a verdict for each.
std::string to_table(const Recording& recording, Color color);

// The sentences at the end of it, a line each.
std::string verdicts(const Recording& recording);

// The options that were fastest, ready to be pasted: "-j4 --atomic file".
std::string suggested_options(const Recording& recording);

// One line for a terminal: what is measured now, and how narrow the intervals are so far.
std::string progress_text(const Recording& recording, std::size_t arm, bool warming_up);

}  // namespace ream::bench
