// Whether a verdict that was stopped at by its own interval is right as often as it says.
#define BOOST_TEST_MODULE stopping
#include "bench/stopping.hpp"

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

struct Law {
  double truth;
  double noise;
};

constexpr std::size_t most_pairs = 100;  // the time limit of a run

// A whole run, as the program does it: the final interval.
Interval final_interval(NoisyPairs pairs, std::uint64_t seed, bool corrected) {
  const StoppingRule rule(0.05);
  std::vector<double> before, after;
  for (;;) {
    pairs.add_to(before, after);
    const auto size = before.size();
    const auto confidence = corrected ? rule.confidence(size) : plain_confidence;
    const bool look = corrected ? rule.looks_at(size) : size >= 10;
    if (look) {
      const auto estimate = paired_ratio(before, after, seed, confidence);
      if (rule.is_narrow(estimate)) return estimate.interval;
    }
    if (size == most_pairs) return paired_ratio(before, after, seed, plain_confidence).interval;
  }
}

double share_of_misses(const Law& law, std::uint64_t runs, bool corrected = true) {
  std::uint64_t misses = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const auto interval =
        final_interval(NoisyPairs(splitmix(run + 1), law.truth, law.noise), run, corrected);
    misses += interval.low > law.truth || interval.high < law.truth;
  }
  return static_cast<double>(misses) / static_cast<double>(runs);
}

void check_misses(const Law& law, std::uint64_t runs) {
  const double misses = share_of_misses(law, runs);
  BOOST_TEST_MESSAGE("truth " << law.truth << ", noise " << law.noise << ": " << 100 * misses
                              << " % miss");
  BOOST_TEST(misses > 0.04);
  BOOST_TEST(misses < 0.06);
}

}  // namespace

// 10,000 runs in all, with several truths and as much noise as ends runs early, late and never.
BOOST_AUTO_TEST_CASE(four_to_six_percent_of_intervals_miss_the_truth) {
  check_misses({1.0, 0.02}, 4000);
  check_misses({1.8, 0.015}, 4000);
  check_misses({1.05, 0.06}, 2000);
}

BOOST_AUTO_TEST_CASE(without_the_correction_more_would_miss) {
  const double misses = share_of_misses({1.0, 0.03}, 500, false);
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
