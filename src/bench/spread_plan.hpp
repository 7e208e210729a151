// A plan's files in directories.
#pragma once

#include <memory>

#include "ream/plan.hpp"

namespace ream::bench {

// The jobs of `plan` in exactly so many directories (in as many as there are jobs, where that is
// fewer), whose numbers of files differ by one at most: 500 files in 300 directories leave none of
// them out, as a fixed number of files for each would.
std::unique_ptr<Plan> spread_over_directories(std::unique_ptr<Plan> plan, unsigned directories);

}  // namespace ream::bench
