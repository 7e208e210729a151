#define BOOST_TEST_MODULE latency
#include "ream/latency.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

using namespace ream;

namespace {

constexpr std::uint64_t second = 1'000'000'000;

LatencyHistogram histogram_of(const std::vector<std::uint64_t>& durations) {
  LatencyHistogram histogram;
  for (const auto duration : durations) histogram.record(duration);
  return histogram;
}

double error_of(std::uint64_t told, std::uint64_t exact) {
  const auto difference = static_cast<double>(told) - static_cast<double>(exact);
  return std::abs(difference) / static_cast<double>(exact);
}

// As it is told where a longer one is there too, so that the maximum does not correct it.
std::uint64_t told(std::uint64_t duration) {
  return histogram_of({duration, 2 * duration}).quantile(0.5);
}

// From a nanosecond to a thousand seconds, with as many of each length.
std::vector<std::uint64_t> durations_of_all_lengths(std::size_t count) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(0, 12);
  std::vector<std::uint64_t> durations(count);
  std::generate(durations.begin(), durations.end(),
                [&] { return static_cast<std::uint64_t>(std::pow(10, exponent(random))); });
  return durations;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_duration_from_a_nanosecond_to_a_thousand_seconds_is_a_hundredth_off) {
  double worst = 0;
  const auto look_at = [&](std::uint64_t duration) {
    worst = std::max(worst, error_of(told(duration), duration));
  };
  for (std::uint64_t duration = 1; duration < 2000; ++duration) look_at(duration);
  for (const auto duration : durations_of_all_lengths(2000)) look_at(duration);
  for (unsigned bits = 7; bits < 40; ++bits) {  // a bucket's first and last, and its middle
    const auto octave = std::uint64_t{1} << bits;
    const auto width = octave / 64;
    for (const std::uint64_t bucket : {0U, 1U, 31U, 62U, 63U}) {
      const auto first = octave + bucket * width;
      for (const auto duration : {first, first + width / 2, first + width - 1}) look_at(duration);
    }
  }
  look_at(1000 * second);
  BOOST_TEST(worst <= 0.01);
  BOOST_TEST(worst > 0.007);  // else these were no borders
}

BOOST_AUTO_TEST_CASE(short_durations_are_exact) {
  for (std::uint64_t duration = 0; duration < 128; ++duration) {
    BOOST_TEST(histogram_of({duration, 1000}).quantile(0.5) == duration);
  }
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_the_sorted_durations) {
  auto durations = durations_of_all_lengths(10'000);
  const auto histogram = histogram_of(durations);
  std::sort(durations.begin(), durations.end());
  BOOST_TEST(histogram.count() == durations.size());
  BOOST_TEST(histogram.max() == durations.back());
  BOOST_TEST(histogram.quantile(1) == durations.back());
  for (int percent = 1; percent < 100; ++percent) {
    const auto exact = durations[static_cast<std::size_t>(percent) * 100 - 1];
    BOOST_TEST_CONTEXT(percent << " %") {
      BOOST_TEST(error_of(histogram.quantile(percent / 100.0), exact) <= 0.01);
    }
  }
  BOOST_TEST(error_of(histogram.quantile(0.9999), durations[9998]) <= 0.01);
  BOOST_TEST(error_of(histogram.quantile(0), durations[0]) <= 0.01);
}

// Each duration is a bucket of its own here: one too far would show.
BOOST_AUTO_TEST_CASE(a_quantile_is_the_duration_that_so_many_did_not_exceed) {
  LatencyHistogram histogram;
  for (std::uint64_t duration = 1; duration <= 100; ++duration) histogram.record(duration);
  for (unsigned percent = 1; percent <= 100; ++percent) {
    BOOST_TEST(histogram.quantile(percent / 100.0) == percent);
  }
  BOOST_TEST(histogram.quantile(0.501) == 51U);
  BOOST_TEST(histogram.quantile(-1) == 1U);
  BOOST_TEST(histogram.quantile(2) == 100U);
  BOOST_TEST(histogram.quantile(std::nan("")) == 1U);
}

BOOST_AUTO_TEST_CASE(merged_histograms_equal_one_that_recorded_all) {
  const auto durations = durations_of_all_lengths(3000);
  std::array<LatencyHistogram, 3> lanes{};
  for (std::size_t i = 0; i < durations.size(); ++i) lanes[i % 3].record(durations[i]);
  LatencyHistogram merged;
  for (const auto& lane : lanes) merged.merge(lane);
  BOOST_TEST((merged == histogram_of(durations)));
  BOOST_TEST(merged.count() == 3000U);
  merged.merge(LatencyHistogram{});
  BOOST_TEST((merged == histogram_of(durations)));
}

BOOST_AUTO_TEST_CASE(an_empty_histogram_has_nothing) {
  const LatencyHistogram histogram;
  BOOST_TEST(histogram.count() == 0U);
  BOOST_TEST(histogram.max() == 0U);
  BOOST_TEST(histogram.quantile(0.5) == 0U);
  BOOST_TEST(histogram.quantile(1) == 0U);
}

BOOST_AUTO_TEST_CASE(no_quantile_exceeds_the_longest) {
  const auto histogram = histogram_of({1'000'000, 1'000'001});  // in the first half of a bucket
  BOOST_TEST(histogram.quantile(0.5) <= 1'000'001U);
}

BOOST_AUTO_TEST_CASE(what_is_longer_than_an_hour_is_counted_and_its_maximum_is_exact) {
  const auto longest = ~std::uint64_t{0};
  const auto histogram = histogram_of({5, longest, 10'000 * second});
  BOOST_TEST(histogram.count() == 3U);
  BOOST_TEST(histogram.max() == longest);
  BOOST_TEST(histogram.quantile(0.3) == 5U);
  BOOST_TEST(histogram.quantile(0.9) == longest);
}

BOOST_AUTO_TEST_CASE(each_step_of_a_report_is_merged_into_its_own) {
  LatencyReport report;
  LatencyReport other;
  other.file.record(1);
  for (int i = 0; i < 2; ++i) other.open.record(2);
  for (int i = 0; i < 3; ++i) other.write.record(3);
  for (int i = 0; i < 4; ++i) other.sync.record(4);
  for (int i = 0; i < 5; ++i) other.publish.record(5);
  for (int i = 0; i < 6; ++i) other.close.record(6);
  report.close.record(7);
  report.merge(other);
  BOOST_TEST(report.file.count() == 1U);
  BOOST_TEST(report.open.count() == 2U);
  BOOST_TEST(report.write.count() == 3U);
  BOOST_TEST(report.sync.count() == 4U);
  BOOST_TEST(report.publish.count() == 5U);
  BOOST_TEST(report.close.count() == 7U);
  BOOST_TEST(report.close.max() == 7U);
}
