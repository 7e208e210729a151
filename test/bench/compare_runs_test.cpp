#define BOOST_TEST_MODULE compare_runs
#include "bench/compare_runs.hpp"

#include <boost/test/unit_test.hpp>

#include "bench/stopping.hpp"
#include "ream/error.hpp"

using namespace ream::bench;

namespace {

RecordedArm arm(const std::string& name, double seconds) {
  RecordedArm made;
  made.name = name;
  made.files = 10;
  made.bytes = 40960;
  made.seconds = std::vector<double>(least_pairs, seconds);
  made.placement = "pooled";
  made.workers = 2;
  made.layout = "shared";
  made.atomic = "auto";
  made.sync = "none";
  return made;
}

RecordedRun run_with(std::vector<RecordedArm> arms) {
  RecordedRun run;
  run.build = "release";
  run.processors = 2;
  run.cache = "warm";
  run.latency = "files";
  run.governor = "performance";
  run.arms = std::move(arms);
  return run;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(arms_are_matched_by_what_they_are_not_by_their_names) {
  const auto comparison = compare(run_with({arm("parallel", 2)}), run_with({arm("-j2", 1)}));
  BOOST_REQUIRE(comparison.arms.size() == 1U);
  BOOST_TEST(comparison.arms.front().name == "-j2");
  BOOST_TEST(comparison.arms.front().ratio.value == 2);
}

BOOST_AUTO_TEST_CASE(an_arm_that_differs_in_anything_is_not_compared_and_it_is_said_in_what) {
  const std::pair<std::string, void (*)(RecordedArm&)> changes[] = {
      {"workers 4, in the other 2", [](RecordedArm& a) { a.workers = 4; }},
      {"placement serial, in the other pooled", [](RecordedArm& a) { a.placement = "serial"; }},
      {"layout 7, in the other shared", [](RecordedArm& a) { a.layout = "7"; }},
      {"atomic file, in the other auto", [](RecordedArm& a) { a.atomic = "file"; }},
      {"sync batch, in the other none", [](RecordedArm& a) { a.sync = "batch"; }},
      {"command cp, in the other ", [](RecordedArm& a) { a.command = "cp"; }},
      {"bytes of a file 10, in the other 4096", [](RecordedArm& a) { a.bytes = 100; }}};
  for (const auto& [said, change] : changes) {
    auto other = arm("parallel", 1);
    change(other);
    const auto comparison = compare(run_with({arm("parallel", 2), arm("parallel", 1)}),
                                    run_with({arm("parallel", 1), other}));
    BOOST_TEST(comparison.arms.size() == 1U);
    BOOST_TEST(contains(comparison.text, said), comparison.text);
    BOOST_CHECK_THROW(compare(run_with({arm("parallel", 2)}), run_with({other})), ream::InputError);
  }
}

// By statistics_reference.py. A bare 95 % would begin at 1.7649.
BOOST_AUTO_TEST_CASE(an_interval_of_few_samples_is_wider_than_it_says) {
  const std::vector<double> before = {0.0912, 0.0887, 0.0954, 0.0921, 0.1304, 0.0899,
                                      0.0903, 0.0946, 0.0930, 0.0918, 0.0961, 0.0895};
  const std::vector<double> after = {0.0498, 0.0511, 0.0487, 0.0532, 0.0505, 0.0493,
                                     0.0760, 0.0514, 0.0489, 0.0502, 0.0521, 0.0496};
  double low = 0, high = 0;
  constexpr int seeds = 20;  // one alone has its share of luck
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto ratio = unpaired_ratio(before, after, static_cast<std::uint64_t>(seed));
    BOOST_CHECK_CLOSE(ratio.value, 1.8262164846077455, 1e-10);
    BOOST_TEST(ratio.pairs == 12U);
    low += ratio.interval.low / seeds;
    high += ratio.interval.high / seeds;
  }
  BOOST_CHECK_CLOSE(low, 1.7591170825335893, 0.1);
  BOOST_CHECK_CLOSE(high, 1.9016881827209529, 0.1);
}

BOOST_AUTO_TEST_CASE(few_samples_have_no_verdict) {
  auto few = arm("parallel", 1);
  few.seconds.pop_back();
  const auto comparison = compare(run_with({arm("parallel", 2)}), run_with({few}));
  BOOST_TEST(
      contains(comparison.text, "parallel: no verdict, 9 of the 10 samples that one takes\n"),
      comparison.text);
  BOOST_TEST(comparison.arms.front().ratio.pairs == 9U);
}

BOOST_AUTO_TEST_CASE(every_difference_of_the_machines_is_told) {
  const auto before = run_with({arm("parallel", 2)});
  BOOST_TEST(!contains(compare(before, before).text, "differs"));
  auto after = before;
  after.build = "debug";
  after.processors = 4;
  after.cache = "cold";
  after.governor = "powersave";
  after.filesystem = "xfs";
  after.kernel = "7";
  after.processor = "other";
  after.latency = "calls";
  const auto text = compare(before, after).text;
  for (const auto* difference :
       {"build differs: release before, debug after", "number of processors differs: 2 before, 4",
        "caches differs: warm before, cold after", "governor differs", "filesystem differs",
        "kernel differs", "processor differs",
        "what was timed (--latency) differs: files before, calls after"}) {
    BOOST_TEST(contains(text, difference), difference);
  }
  after = before;
  after.latency = "";  // from before that was recorded
  BOOST_TEST(!contains(compare(before, after).text, "differs"));
  BOOST_TEST(!contains(compare(after, before).text, "differs"));
}

BOOST_AUTO_TEST_CASE(of_arms_that_are_alike_the_one_of_the_same_name_or_count_is_taken) {
  auto few = arm("parallel, 10 files", 1), many = arm("parallel, 20 files", 4);
  many.files = 20;
  many.bytes = 81920;
  const auto before = run_with({few, many});
  for (const auto& each : compare(before, before).arms) BOOST_TEST(each.ratio.value == 1);
  many.name = "parallel";
  BOOST_TEST(compare(before, run_with({many})).arms.front().ratio.value == 1);
}
