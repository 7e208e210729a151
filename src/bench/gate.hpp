// A condition under which a benchmark fails, for CI: 'speedup < 1.5'.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/recording.hpp"

namespace ream::bench {

class Gate {
 public:
  // efficiency: the speed-up by the workers more than the base has, 1 at best
  enum class Subject { speedup, efficiency };
  enum class Relation { below, at_most, above, at_least };

  Gate(std::string text, Subject subject, Relation relation, double limit)
      : text_(std::move(text)), subject_(subject), relation_(relation), limit_(limit) {}

  // Only where the whole interval is so: a gate on a value within the interval would be a coin.
  bool fails(const Estimate& estimate) const;

  Subject subject() const noexcept { return subject_; }
  double limit() const noexcept { return limit_; }
  const std::string& text() const noexcept { return text_; }

 private:
  bool holds(double value) const;

  std::string text_;
  Subject subject_;
  Relation relation_;
  double limit_;
};

// speedup or efficiency, one of < <= > >=, a number. Throws InputError.
Gate parse_gate(std::string_view text);

// Throws InputError where `arms` leave a gate nothing to judge by: one arm alone, or an efficiency
// where ream has none to compare.
void check_gates(const std::vector<Gate>& gates, const Comparison& arms);

// A line for each gate and work whose best arm (see best_arms) fails it.
std::vector<std::string> failures(const std::vector<Gate>& gates, const Recording& recording);

// "-j2: 1.20 [1.10, 1.31], as --fail-if 'speedup < 1.5' does not allow".
std::string failure_text(const Gate& gate, std::string_view subject, const Estimate& estimate);

}  // namespace ream::bench
