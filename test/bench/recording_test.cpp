#define BOOST_TEST_MODULE recording
#include "bench/recording.hpp"

#include <boost/test/unit_test.hpp>

#include "support/made_recording.hpp"

using namespace ream;
using namespace ream::bench;
using ream::test::MadeRecording;

namespace {

// In no order, around 1.005.
void make_it_hardly_faster_than(const ArmRecord& base, ArmRecord& record) {
  const double ratios[] = {1.04, 0.96, 1.02, 0.97, 1.01, 1.006, 0.98, 1.004, 1.03, 1.0};
  for (std::size_t i = 0; i < std::size(ratios); ++i) {
    record.samples[i].seconds = base.samples[i].seconds / ratios[i];
  }
}

void check_enough(const Recording& recording, const std::vector<std::string>& expected) {
  std::vector<std::string> found;
  for (const auto& [of, workers, is_most] : enough_workers(recording)) {
    found.push_back(of + ": " + std::to_string(workers) + (is_most ? ", the most" : ""));
  }
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(as_many_workers_are_enough_as_reach_the_best, MadeRecording) {
  add_serial(1);
  add_pooled(8, 0.501);
  add_pooled(1, 1.1);
  add_pooled(4, 0.25);
  add_pooled(2, 0.5);
  check_enough(recording, {"parallel: 4"});
  test::blur(add_pooled(3, 0.2502), 0.01);
  check_enough(recording, {"parallel: 3"});
  add_pooled(16, 0.1);
  check_enough(recording, {"parallel: 16, the most"});
}

// It has no interval of its own: that of the best says whether they differ.
BOOST_FIXTURE_TEST_CASE(the_workers_of_the_base_are_enough_where_no_more_were_shown_to_help,
                        MadeRecording) {
  add_pooled(1, 1);
  make_it_hardly_faster_than(recording.arms[0], add_pooled(2, 1));
  const auto ratio = speedup(recording, 1);
  BOOST_TEST(ratio.value > 1);
  BOOST_TEST(ratio.interval.low < 1);
  check_enough(recording, {"parallel: 1"});
}

BOOST_FIXTURE_TEST_CASE(of_each_group_it_is_said_how_many_workers_are_enough, MadeRecording) {
  recording.works.push_back({20, 1024 * 1024, {}});
  for (const std::size_t work : {0U, 1U}) {
    const std::string size = work == 0 ? ", 4 KiB" : ", 1 MiB";
    for (const unsigned workers : {1U, 2U}) {
      const double seconds = work == 1 && workers == 2 ? 0.5 : 1;
      const auto jobs = "-j" + std::to_string(workers);
      add({jobs + size, work, Placement::pooled, workers}, seconds);
      add({"process-per-file " + jobs + size, work, Placement::process_per_job, workers}, 2);
    }
  }
  check_enough(recording, {"parallel, 4 KiB: 1", "process-per-file, 4 KiB: 1",
                           "parallel, 1 MiB: 2, the most", "process-per-file, 1 MiB: 1"});
}

BOOST_FIXTURE_TEST_CASE(nothing_is_said_of_one_number_of_workers, MadeRecording) {
  add_serial(1);
  add_pooled(2, 0.5);
  add_command("cp", 0.1);
  check_enough(recording, {});
}

BOOST_FIXTURE_TEST_CASE(too_few_rounds_show_no_difference_to_suggest_by, MadeRecording) {
  add({"serial", 0, Placement::in_process, 1}, 1, 9);
  BOOST_TEST(suggestion(recording)->shown);  // there is no other
  add({"-j2", 0, Placement::pooled, 2}, 0.5, 9);
  BOOST_TEST(suggestion(recording)->arm == 1U);
  BOOST_TEST(!suggestion(recording)->shown);
  for (auto& record : recording.arms) record.samples.push_back(record.samples.front());
  BOOST_TEST(suggestion(recording)->shown);
}

BOOST_FIXTURE_TEST_CASE(what_is_suggested_is_the_fastest_where_that_was_shown, MadeRecording) {
  add_serial(1);
  add_pooled(1, 1.1);
  add_pooled(2, 0.5);
  add_command("cp", 0.1);  // faster, and none of ream's
  BOOST_TEST(suggestion(recording)->arm == 2U);
  BOOST_TEST(suggestion(recording)->shown);
}

BOOST_FIXTURE_TEST_CASE(of_arms_that_reach_the_best_the_one_with_fewest_workers_is_suggested,
                        MadeRecording) {
  add_serial(1);
  add_pooled(8, 0.4999);
  test::blur(add_pooled(2, 0.5), 0.01);
  BOOST_TEST(suggestion(recording)->arm == 2U);
  BOOST_TEST(suggestion(recording)->shown);
}

BOOST_FIXTURE_TEST_CASE(serial_is_suggested_where_no_difference_was_shown, MadeRecording) {
  add_serial(1);
  test::blur(add_pooled(2, 0.99), 0.5);
  BOOST_TEST(suggestion(recording)->arm == 0U);
  BOOST_TEST(!suggestion(recording)->shown);
}

BOOST_FIXTURE_TEST_CASE(other_programs_alone_leave_nothing_to_suggest, MadeRecording) {
  add_command("cp", 1);
  add_command("tar", 2);
  BOOST_TEST(!suggestion(recording).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_efficiency_counts_the_workers_of_both_arms, MadeRecording) {
  add_pooled(2, 1);
  add_pooled(8, 0.5);
  add_command("cp", 1);
  BOOST_TEST(share_of_workers(recording, 1).value() == 0.25);
  BOOST_TEST(!share_of_workers(recording, 2).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_work_is_judged_by_its_best_arm_of_reams_own, MadeRecording) {
  BOOST_TEST(best_arms(recording).empty());
  add_serial(1);
  BOOST_TEST(best_arms(recording).empty());
  add_command("cp", 0.1);
  BOOST_TEST(best_arms(recording) == std::vector<std::size_t>{1}, boost::test_tools::per_element());
  add_pooled(1, 1.1);
  add_pooled(2, 0.5);
  BOOST_TEST(best_arms(recording) == std::vector<std::size_t>{3}, boost::test_tools::per_element());
}
