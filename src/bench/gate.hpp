// A condition under which a benchmark fails, for CI: 'speedup < 1.5'.
#pragma once

#include <string>
#include <string_view>

#include "bench/statistics.hpp"

namespace ream::bench {

class Gate {
 public:
  enum class Subject { speedup, efficiency };  // efficiency: speedup for each worker, 1 at best
  enum class Relation { below, at_most, above, at_least };

  Gate(std::string text, Subject subject, Relation relation, double limit)
      : text_(std::move(text)), subject_(subject), relation_(relation), limit_(limit) {}

  // Only where the whole interval is so: a gate on a value within the interval would be a coin.
  bool fails(const Estimate& speedup, unsigned workers) const;

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

}  // namespace ream::bench
