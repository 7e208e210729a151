// What a forked child does, from its run() to its end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/fd.hpp"

namespace ream::detail {

// Calls `run`. What escapes from it goes to standard error as "Process NAME: what", its what() to
// the pipe `errors` too. Returns the exit code.
int run_guarded(const std::function<void()>& run, std::string_view name,
                const os::Fd& errors) noexcept;

// What has come through the pipe, in the parent; empty where nothing escaped.
std::optional<std::string> error_from(std::string_view received);

}  // namespace ream::detail
