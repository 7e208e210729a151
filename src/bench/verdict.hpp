#pragma once

#include <string>
#include <string_view>

#include "bench/statistics.hpp"

namespace ream::bench {

// "parallel is 1.83 times faster [1.79, 1.88]", "... 1.20 times slower [1.10, 1.31]", or, where the
// interval holds 1, "parallel: no difference shown [0.97, 1.04]".
std::string verdict(std::string_view subject, const Estimate& ratio);

// "1.83 [1.79, 1.88]", with more digits where two would show an end as `limit` that is not: who
// reads [1.00, 1.04] beside "faster" doubts one of them.
std::string ratio_text(const Estimate& ratio, double limit);

}  // namespace ream::bench
