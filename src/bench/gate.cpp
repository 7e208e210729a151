#include "bench/gate.hpp"

#include <cmath>
#include <map>
#include <sstream>

#include "ream/error.hpp"

namespace ream::bench {

namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw InputError(
      "--fail-if " + quoted(text),
      "'speedup' or 'efficiency', one of < <= > >=, and a number are expected, such as "
      "'speedup < 1.5'");
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

bool Gate::fails(const Estimate& speedup, unsigned workers) const {
  const double share = subject_ == Subject::efficiency ? 1.0 / workers : 1;
  return holds(speedup.interval.low * share) && holds(speedup.interval.high * share);
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

}  // namespace ream::bench
