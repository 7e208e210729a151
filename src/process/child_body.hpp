// What a forked child does, from its run() to its end.
#pragma once

#include <functional>
#include <string>

#include "process/error_slots.hpp"

namespace ream::detail {

// Calls `run`. What escapes from it goes to standard error as "Process NAME: what", its what() to
// `slot` too. Returns the exit code.
int run_guarded(const std::function<void()>& run, const std::string& name,
                ErrorSlot& slot) noexcept;

}  // namespace ream::detail
