#include "process/child_body.hpp"

#include <fmt/format.h>

#include <exception>
#include <iostream>

namespace ream::detail {

namespace {

void report(std::string_view name, std::string_view what, ErrorSlot& slot) {
  slot.write(what);
  std::cerr << fmt::format("Process {}: {}\n", name, what);
}

}  // namespace

int run_guarded(const std::function<void()>& run, std::string_view name, ErrorSlot& slot) noexcept {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    report(name, error.what(), slot);
  } catch (...) {
    report(name, "unknown exception", slot);
  }
  return 1;
}

}  // namespace ream::detail
