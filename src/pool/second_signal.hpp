#pragma once

#include "os/signals.hpp"
#include "ream/pool.hpp"

namespace ream {

// A driver that does the jobs itself cannot kill anybody but itself.
inline os::SecondSignal second_signal_of(Placement placement) {
  return placement == Placement::in_process ? os::SecondSignal::ends_the_process
                                            : os::SecondSignal::is_counted;
}

}  // namespace ream
