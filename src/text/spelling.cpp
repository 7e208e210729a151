#include "text/spelling.hpp"

#include <algorithm>

namespace ream::text {

namespace {

constexpr std::size_t letters_for_an_error = 3;

// Row i, column j: the distance of the first i letters of one word from the first j of the other.
class Distances {
 public:
  Distances(std::string_view a, std::string_view b)
      : a_(a), b_(b), cells_((a.size() + 1) * (b.size() + 1)) {}

  std::size_t fill() {
    for (std::size_t i = 0; i <= a_.size(); ++i) {
      for (std::size_t j = 0; j <= b_.size(); ++j) cell(i, j) = least(i, j);
    }
    return cell(a_.size(), b_.size());
  }

 private:
  std::size_t& cell(std::size_t i, std::size_t j) { return cells_[i * (b_.size() + 1) + j]; }

  std::size_t least(std::size_t i, std::size_t j) {
    if (i == 0 || j == 0) return i + j;
    const bool same = a_[i - 1] == b_[j - 1];
    auto steps = std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + !same});
    const bool exchanged = i > 1 && j > 1 && a_[i - 1] == b_[j - 2] && a_[i - 2] == b_[j - 1];
    return exchanged ? std::min(steps, cell(i - 2, j - 2) + 1) : steps;
  }

  std::string_view a_;
  std::string_view b_;
  std::vector<std::size_t> cells_;
};

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  return Distances(a, b).fill();
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  auto most = std::max<std::size_t>(1, word.size() / letters_for_an_error) + 1;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance >= most || distance >= candidate.size()) continue;
    best = candidate;
    most = distance;
  }
  return best;
}

}  // namespace ream::text
