#include "process/end_of_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <mutex>

#include "process/registry.hpp"
#include "ream/process.hpp"

namespace ream::detail {

namespace {

std::terminate_handler previous_handler = nullptr;

std::string uncaught() {
  try {
    if (const auto problem = std::current_exception()) std::rethrow_exception(problem);
    return "std::terminate was called";
  } catch (const std::exception& error) {
    return fmt::format("uncaught exception: {}", error.what());
  } catch (...) {
    return "uncaught exception";
  }
}

// The runtime says what happened after this, and that may be long after.
void tell_why_it_waits(Registry& registry) {
  const auto children = registry.running();
  const auto waited_for = std::count_if(children.begin(), children.end(),
                                        [](const auto& child) { return !child->ends_with_parent; });
  if (waited_for == 0) return;
  std::cerr << fmt::format("{}: {}; waiting for {} {}\n", this_process::name(), uncaught(),
                           waited_for, waited_for == 1 ? "process" : "processes");
}

void end_children_and_terminate() {
  auto& registry = Registry::of_this_process();
  tell_why_it_waits(registry);
  registry.end_children();
  previous_handler();
}

void set_handlers() {
  std::atexit([] { Registry::of_this_process().end_children(); });
  previous_handler = std::set_terminate(end_children_and_terminate);
}

}  // namespace

// Children inherit the handlers, set or not set as they are.
void end_children_with_the_program() {
  static std::once_flag once;
  std::call_once(once, set_handlers);
}

}  // namespace ream::detail
