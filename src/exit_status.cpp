#include "ream/exit_status.hpp"

#include <fmt/format.h>

#include <cstring>

namespace ream {

namespace {

struct ToText {
  std::string operator()(const Exited& how) const {
    return fmt::format("exited with {}", how.code);
  }
  std::string operator()(const Signalled& how) const {
    return fmt::format("killed by {}{}", signal_name(how.signal),
                       how.core_dumped ? " (core dumped)" : "");
  }
  std::string operator()(const Lost&) const { return "ended, its status taken by another wait"; }
};

}  // namespace

std::string signal_name(int signal) {
  const char* abbreviation = ::sigabbrev_np(signal);
  if (abbreviation == nullptr) return fmt::format("signal {}", signal);
  return fmt::format("SIG{}", abbreviation);
}

std::string ExitStatus::to_string() const {
  return std::visit(ToText{}, how_);
}

}  // namespace ream
