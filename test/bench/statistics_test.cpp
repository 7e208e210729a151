// What samples are summed up by, against figures of Python's (statistics_reference.py).
#define BOOST_TEST_MODULE statistics
#include "bench/statistics.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <stdexcept>

#include "random.hpp"

using namespace ream;
using namespace ream::bench;

namespace {

const std::vector<double> before = {0.0912, 0.0887, 0.0954, 0.0921, 0.1304, 0.0899,
                                    0.0903, 0.0946, 0.0930, 0.0918, 0.0961, 0.0895};
const std::vector<double> after = {0.0498, 0.0511, 0.0487, 0.0532, 0.0505, 0.0493,
                                   0.0760, 0.0514, 0.0489, 0.0502, 0.0521, 0.0496};

constexpr double nothing_but_rounding = 1e-10;  // percent

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (auto& value : values) value *= factor;
  return values;
}

// The pairs in another order.
std::vector<double> permuted(const std::vector<double>& values) {
  std::vector<double> turned;
  for (std::size_t i = 0; i < values.size(); ++i) turned.push_back(values[i * 5 % values.size()]);
  return turned;
}

void check_equal(const Estimate& a, const Estimate& b) {
  BOOST_TEST(a.value == b.value);
  BOOST_TEST(a.interval.low == b.interval.low);
  BOOST_TEST(a.interval.high == b.interval.high);
}

}  // namespace

BOOST_AUTO_TEST_CASE(medians_are_those_of_python) {
  BOOST_TEST(median(before) == 0.09195, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(median({before.begin(), before.begin() + 11}) == 0.0921);
  BOOST_TEST(median_absolute_deviation(before) == 0.00225, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_python) {
  auto sorted = before;
  std::sort(sorted.begin(), sorted.end());
  BOOST_CHECK_CLOSE(quantile_of_sorted(sorted, 0.25), 0.0902, nothing_but_rounding);
  BOOST_CHECK_CLOSE(quantile_of_sorted(sorted, 0.50), 0.09195, nothing_but_rounding);
  BOOST_CHECK_CLOSE(quantile_of_sorted(sorted, 0.75), 0.0948, nothing_but_rounding);
  BOOST_TEST(quantile_of_sorted(sorted, 0) == 0.0887);
  BOOST_TEST(quantile_of_sorted(sorted, 1) == 0.1304);
}

BOOST_AUTO_TEST_CASE(the_interval_is_near_that_of_many_more_resamples) {
  const auto estimate = paired_ratio(before, after, 7);
  BOOST_CHECK_CLOSE(estimate.value, 1.8300052800844815, nothing_but_rounding);
  BOOST_TEST(estimate.pairs == 12U);
  BOOST_CHECK_CLOSE(estimate.interval.low, 1.770123808471687, 0.5);
  BOOST_CHECK_CLOSE(estimate.interval.high, 1.8731851206386962, 0.5);
}

BOOST_AUTO_TEST_CASE(the_order_of_the_pairs_makes_no_difference) {
  check_equal(paired_ratio(permuted(before), permuted(after), 7), paired_ratio(before, after, 7));
}

BOOST_AUTO_TEST_CASE(pairs_that_are_torn_apart_give_another_interval) {
  const auto torn = paired_ratio(before, permuted(after), 7);
  BOOST_TEST(torn.interval.low != paired_ratio(before, after, 7).interval.low);
}

BOOST_AUTO_TEST_CASE(the_unit_of_time_makes_no_difference) {
  const auto in_milliseconds = paired_ratio(scaled(before, 1024), scaled(after, 1024), 7);
  check_equal(in_milliseconds, paired_ratio(before, after, 7));
}

BOOST_AUTO_TEST_CASE(twice_the_time_is_twice_the_ratio) {
  const auto twice = paired_ratio(scaled(before, 2), after, 7);
  const auto once = paired_ratio(before, after, 7);
  BOOST_TEST(twice.value == 2 * once.value);
  BOOST_TEST(twice.interval.low == 2 * once.interval.low);
}

BOOST_AUTO_TEST_CASE(a_seed_gives_one_interval_and_another_seed_another) {
  check_equal(paired_ratio(before, after, 7), paired_ratio(before, after, 7));
  // Twelve ratios have few medians: so many resamples differ in where their tails begin.
  bool differs = false;
  for (std::uint64_t seed = 8; seed < 20; ++seed) {
    differs = differs || paired_ratio(before, after, seed).interval.low !=
                             paired_ratio(before, after, 7).interval.low;
  }
  BOOST_TEST(differs);
}

BOOST_AUTO_TEST_CASE(more_confidence_is_a_wider_interval) {
  const auto narrow = paired_ratio(before, after, 7, 0.8).interval;
  const auto wide = paired_ratio(before, after, 7, 0.99).interval;
  BOOST_TEST(wide.low < narrow.low);
  BOOST_TEST(wide.high > narrow.high);
}

BOOST_AUTO_TEST_CASE(one_sample_and_equal_samples_have_an_interval_without_width) {
  const std::vector<double> one = {2}, half = {1}, twos(9, 2.0), ones(9, 1.0);
  for (const auto& estimate : {paired_ratio(one, half, 1), paired_ratio(twos, ones, 1)}) {
    BOOST_TEST(estimate.value == 2);
    BOOST_TEST(estimate.interval.low == 2);
    BOOST_TEST(estimate.interval.high == 2);
  }
}

BOOST_AUTO_TEST_CASE(ties_are_no_trouble) {
  const std::vector<double> many = {2, 2, 2, 2, 3, 3, 2, 2, 1, 2}, ones(10, 1.0);
  const auto estimate = paired_ratio(many, ones, 1);
  BOOST_TEST(estimate.value == 2);
  BOOST_TEST(estimate.interval.low <= 2);
  BOOST_TEST(estimate.interval.high >= 2);
  BOOST_TEST(median_absolute_deviation(many) == 0);
}

BOOST_AUTO_TEST_CASE(no_values_and_samples_without_a_pair_are_refused) {
  const std::vector<double> none, one = {1};
  BOOST_CHECK_THROW(median({}), std::invalid_argument);
  BOOST_CHECK_THROW(paired_ratio(none, none, 1), std::invalid_argument);
  BOOST_CHECK_THROW(paired_ratio(before, one, 1), std::invalid_argument);
}
