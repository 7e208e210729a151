#include "bench/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "bench/verdict.hpp"
#include "ream/error.hpp"

namespace ream::bench {

namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw InputError(
      "--fail-if " + quoted(text),
      "'speedup' or 'efficiency', one of < <= > >=, and a number are expected, such as "
      "'speedup < 1.5'");
}

Estimate times(const Estimate& estimate, double factor) {
  return {estimate.value * factor,
          {estimate.interval.low * factor, estimate.interval.high * factor},
          estimate.pairs};
}

// What the gate judges. An efficiency is there: check_gates() saw to it.
Estimate estimate_for(const Gate& gate, const Recording& recording, std::size_t arm) {
  const auto ratio = speedup(recording, arm);
  if (gate.subject() == Gate::Subject::speedup) return ratio;
  return times(ratio, share_of_workers(recording, arm).value_or(1));
}

bool compares_reams_own(const Comparison& arms) {
  const auto own = std::count_if(arms.arms.begin(), arms.arms.end(), [](const Arm& arm) {
    return arm.work == 0 && arm.is_reams_own();
  });
  return own > 1;
}

}  // namespace

bool Gate::holds(double value) const {
  switch (relation_) {
    case Relation::below:
      return value < limit_;
    case Relation::at_most:
      return value <= limit_;
    case Relation::above:
      return value > limit_;
    case Relation::at_least:
      return value >= limit_;
  }
  return false;
}

bool Gate::fails(const Estimate& estimate) const {
  return holds(estimate.interval.low) && holds(estimate.interval.high);
}

Gate parse_gate(std::string_view text) {
  static const std::map<std::string, Gate::Subject> subjects = {
      {"speedup", Gate::Subject::speedup}, {"efficiency", Gate::Subject::efficiency}};
  static const std::map<std::string, Gate::Relation> relations = {{"<", Gate::Relation::below},
                                                                  {"<=", Gate::Relation::at_most},
                                                                  {">", Gate::Relation::above},
                                                                  {">=", Gate::Relation::at_least}};
  const auto sign = text.find_first_of("<>");
  if (sign == text.npos) refuse(text);
  const std::size_t length = text.substr(sign + 1, 1) == "=" ? 2 : 1;
  std::istringstream words(std::string(text.substr(0, sign)) + " " +
                           std::string(text.substr(sign, length)) + " " +
                           std::string(text.substr(sign + length)));
  std::string subject, relation, rest;
  double limit = 0;
  words >> subject >> relation >> limit;
  if (!words || (words >> rest) || !subjects.contains(subject) || !std::isfinite(limit)) {
    refuse(text);
  }
  return Gate(std::string(text), subjects.at(subject), relations.at(relation), limit);
}

void check_gates(const std::vector<Gate>& gates, const Comparison& arms) {
  for (const auto& gate : gates) {
    const auto option = "--fail-if " + quoted(gate.text());
    if (arms.arms.size() == arms.works.size()) {
      throw InputError(option, "there is one arm only, and nothing to compare it with");
    }
    if (gate.subject() == Gate::Subject::efficiency && !compares_reams_own(arms)) {
      throw InputError(option, "only ream's own arms have an efficiency, and two are needed");
    }
  }
}

std::vector<std::string> failures(const std::vector<Gate>& gates, const Recording& recording) {
  std::vector<std::string> lines;
  if (!recording.has_verdict()) return lines;
  for (const auto arm : best_arms(recording)) {
    for (const auto& gate : gates) {
      const auto estimate = estimate_for(gate, recording, arm);
      if (!gate.fails(estimate)) continue;
      lines.push_back(failure_text(gate, recording.arms[arm].arm.name, estimate));
    }
  }
  return lines;
}

std::string failure_text(const Gate& gate, std::string_view subject, const Estimate& estimate) {
  return fmt::format("{}: {}, as --fail-if '{}' does not allow", subject,
                     ratio_text(estimate, gate.limit()), gate.text());
}

}  // namespace ream::bench
