#include "process/child_body.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::detail {

namespace {

// Before the what(), so that an empty one is told from none.
constexpr std::string_view mark = "!";

void report(std::string_view name, std::string_view what, const os::Fd& errors) {
  const os::IgnoredSignal parent_may_have_gone(SIGPIPE);
  os::write_available(errors, fmt::format("{}{}", mark, what));
  std::cerr << fmt::format("Process {}: {}\n", name, what);
}

}  // namespace

int run_guarded(const std::function<void()>& run, std::string_view name,
                const os::Fd& errors) noexcept {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    report(name, error.what(), errors);
  } catch (...) {
    report(name, "unknown exception", errors);
  }
  return 1;
}

std::optional<std::string> error_from(std::string_view received) {
  if (!received.starts_with(mark)) return std::nullopt;
  return std::string(received.substr(mark.size()));
}

}  // namespace ream::detail
