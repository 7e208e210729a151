#include "process/child_body.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

#include "os/process.hpp"
#include "os/signals.hpp"

namespace ream::detail {

namespace {

void report(std::string_view name, std::string_view what, ErrorSlot& slot) {
  slot.write(os::current_pid(), what);
  const os::IgnoredSignal standard_error_may_be_broken(SIGPIPE);
  std::cerr << fmt::format("Process {}: {}\n", name, what);
}

}  // namespace

// A forced unwinding has no exception to refer to, which UBSan takes for a mistake.
[[gnu::no_sanitize("null")]] int run_guarded(const std::function<void()>& run,
                                             const std::string& name, ErrorSlot& slot) noexcept {
  try {
    run();
    return 0;
  } catch (const abi::__forced_unwind&) {
    std::exit(0);  // pthread_exit(): it may go on here, into the parent's frames, or not return
  } catch (const std::exception& error) {
    report(name, error.what(), slot);
  } catch (...) {
    report(name, "unknown exception", slot);
  }
  return 1;
}

}  // namespace ream::detail
