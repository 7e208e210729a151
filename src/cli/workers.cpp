#include "cli/workers.hpp"

#include <algorithm>

#include "cli/say.hpp"
#include "os/processors.hpp"
#include "ream/jobserver.hpp"

namespace ream::cli {

namespace {

Workers workers_by_make(UnreachableMake unreachable) {
  auto make = make_jobs_from_environment();
  if (!make.warning.empty() && unreachable == UnreachableMake::told) {
    say("warning: " + make.warning);
  }
  const auto most = make.workers == 0 ? os::usable_processors() : make.workers;
  return {std::min(most, static_cast<unsigned>(most_workers)), std::move(make.slots)};
}

}  // namespace

void add_jobs_option(po::options_description& group) {
  group.add_options()("jobs,j", takes("N"), "workers (default: REAM_JOBS, make -j, processors)");
}

Workers workers(const Arguments& arguments, UnreachableMake unreachable) {
  if (const auto jobs = arguments.number("jobs", 1, most_workers)) {
    return {static_cast<unsigned>(*jobs), nullptr};
  }
  return workers_by_make(unreachable);
}

}  // namespace ream::cli
