// Whether a verdict that was stopped at by its own interval is right as often as it says.
#define BOOST_TEST_MODULE stopping
#include "bench/stopping.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "random.hpp"

using namespace ream;
using namespace ream::bench;

namespace {

// As a busy machine's: both of a pair are slow or fast together, each is noisy by itself, and now
// and then one is several times as long.
class NoisyPairs {
 public:
  NoisyPairs(std::uint64_t seed, double truth, double noise)
      : random_(seed), truth_(truth), noise_(noise) {}

  void add_to(std::vector<double>& before, std::vector<double>& after) {
    drift_ = 0.9 * drift_ + 0.05 * normal();
    before.push_back(sample(truth_));
    after.push_back(sample(1));
  }

 private:
  double sample(double seconds) {
    const double value = seconds * std::exp(drift_ + noise_ * normal());
    return uniform() < 0.05 ? value * (1 + 3 * uniform() / (uniform() + 0.1)) : value;
  }
  double uniform() { return (static_cast<double>(random_.next() >> 11) + 0.5) * 0x1p-53; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

  SplitMix64 random_;
  double truth_;
  double noise_;
  double drift_ = 0;
};

// One run of the program: several arms against one, each with its truth, until all intervals are
// narrow or the time limit has come.
struct Law {
  std::vector<double> truths;
  double noise;
  std::size_t most_pairs;  // the time limit
};

enum class Corrected { no, yes };

class Run {
 public:
  Run(const Law& law, std::uint64_t seed, Corrected corrected)
      : law_(law), seed_(seed), corrected_(corrected == Corrected::yes) {
    for (const auto truth : law.truths) {
      const auto drawn = splitmix(seed * 31 + static_cast<std::uint64_t>(truth * 1000));
      arms_.push_back({NoisyPairs(drawn, truth, law.noise), {}, {}});
    }
  }

  // How many of the final intervals miss their truth.
  std::uint64_t misses() {
    for (std::size_t size = 1;; ++size) {
      for (auto& arm : arms_) arm.pairs.add_to(arm.before, arm.after);
      if (may_stop_at(size) && all_narrow(confidence_at(size))) {
        return misses_at(confidence_at(size));
      }
      if (size == law_.most_pairs) {
        return misses_at(corrected_ ? confidence_of_fixed(size) : uncorrected);
      }
    }
  }

 private:
  static constexpr double uncorrected = 0.95;

  struct Arm {
    NoisyPairs pairs;
    std::vector<double> before, after;
  };

  bool may_stop_at(std::size_t size) const {
    return corrected_ ? rule_.looks_at(size) : size >= least_pairs;
  }
  double confidence_at(std::size_t size) const {
    return corrected_ ? rule_.confidence(size) : uncorrected;
  }
  Estimate estimate(const Arm& arm, double confidence) const {
    return paired_ratio(arm.before, arm.after, seed_, confidence);
  }
  bool all_narrow(double confidence) const {
    return std::all_of(arms_.begin(), arms_.end(),
                       [&](const Arm& arm) { return rule_.is_narrow(estimate(arm, confidence)); });
  }
  std::uint64_t misses_at(double confidence) const {
    std::uint64_t misses = 0;
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      const auto interval = estimate(arms_[i], confidence).interval;
      misses += interval.low > law_.truths[i] || interval.high < law_.truths[i];
    }
    return misses;
  }

  const StoppingRule rule_{0.05};
  const Law& law_;
  std::uint64_t seed_;
  bool corrected_;
  std::vector<Arm> arms_;
};

double share_of_misses(const Law& law, std::uint64_t runs, Corrected corrected = Corrected::yes) {
  std::uint64_t misses = 0;
  static std::uint64_t seed = 0;  // other numbers for each law
  for (std::uint64_t run = 0; run < runs; ++run) misses += Run(law, ++seed, corrected).misses();
  const auto intervals = runs * law.truths.size();
  const double share = static_cast<double>(misses) / static_cast<double>(intervals);
  BOOST_TEST_MESSAGE("noise " << law.noise << ", at most " << law.most_pairs << " pairs, "
                              << law.truths.size() << " arms: " << 100 * share << " % miss");
  return share;
}

}  // namespace

// As much noise as ends runs early, late and never; limits that come early and late.
BOOST_AUTO_TEST_CASE(four_to_six_of_a_hundred_intervals_miss_the_truth) {
  constexpr std::uint64_t runs = 500;
  double sum = 0, worst = 0;
  std::vector<Law> laws;
  for (const double noise : {0.01, 0.02, 0.025, 0.03, 0.04, 0.06, 0.08}) {
    laws.push_back({{1.8}, noise, 100});
    laws.push_back({{1.0}, noise, 50});
    if (noise >= 0.03) laws.push_back({{1.05}, noise, 12});
  }
  laws.push_back({{1.0, 1.8}, 0.02, 100});
  laws.push_back({{1.0, 1.8}, 0.04, 24});
  for (const auto& law : laws) {
    const auto misses = share_of_misses(law, runs);
    sum += misses;
    worst = std::max(worst, misses);
  }
  const double pooled = sum / static_cast<double>(laws.size());
  BOOST_TEST_MESSAGE("all of them: " << 100 * pooled << " %, the worst " << 100 * worst << " %");
  BOOST_TEST(runs * laws.size() >= 10000);
  BOOST_TEST(pooled > 0.04);
  BOOST_TEST(pooled < 0.06);
  BOOST_TEST(worst < 0.08);  // of 500 runs that miss 5 %, 8 % do once in 500 times
}

BOOST_AUTO_TEST_CASE(without_the_correction_more_would_miss) {
  const double misses = share_of_misses({{1.0}, 0.03, 100}, 500, Corrected::no);
  BOOST_TEST_MESSAGE("uncorrected: " << 100 * misses << " % miss");
  BOOST_TEST(misses > 0.065);
}

BOOST_AUTO_TEST_CASE(nothing_is_looked_at_before_ten_pairs) {
  const StoppingRule rule(0.05);
  for (std::size_t pairs = 0; pairs < 10; ++pairs) BOOST_TEST(!rule.looks_at(pairs));
  BOOST_TEST(rule.looks_at(10));
  BOOST_TEST(!rule.looks_at(11));
}

BOOST_AUTO_TEST_CASE(narrow_is_meant_in_relation_to_the_ratio) {
  const StoppingRule rule(0.05);
  BOOST_TEST(rule.is_narrow({2.0, {1.96, 2.04}, 10}));
  BOOST_TEST(!rule.is_narrow({1.0, {0.96, 1.04}, 10}));
}

// Of fixed numbers of pairs, as --runs has them.
BOOST_AUTO_TEST_CASE(intervals_of_few_pairs_miss_no_more_often) {
  for (const std::size_t pairs : {10U, 14U, 18U, 30U, 60U}) {
    const Law never_narrow{{1.3}, 0.2, pairs};
    BOOST_TEST(share_of_misses(never_narrow, 1000) < 0.07);
  }
}
