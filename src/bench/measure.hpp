// Runs one arm once, with a clock beside it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <stdexcept>

#include "bench/arm.hpp"
#include "bench/sample.hpp"
#include "os/signals.hpp"
#include "ream/write_options.hpp"

namespace ream::bench {

// A sample that did not do what it was to do: no figure can be had of it.
class BadSample : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A signal asked the benchmark to stop.
struct Stopped {
  int signal;
};

// What an arm asks of a batch.
WriteOptions write_options(const Arm& arm, Latency latency);

// Writes the work of `arm` into `directory`, which is absent. The clock runs from before the plan
// is made until the last worker is done and the promise holds; for another program from before its
// shell is forked until that has ended. Listing is timed apart. Throws BadSample and Stopped;
// another program is ended when a signal comes, and with it what it left running.
Sample measure(const Arm& arm, const Work& work, const boost::filesystem::path& directory,
               Latency latency, const os::StopSignals& stop);

}  // namespace ream::bench
