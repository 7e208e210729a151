#define BOOST_TEST_MODULE recording
#include "bench/recording.hpp"

#include <boost/test/unit_test.hpp>

#include "support/made_recording.hpp"

using namespace ream;
using namespace ream::bench;
using ream::test::MadeRecording;

BOOST_FIXTURE_TEST_CASE(as_many_workers_are_enough_as_reach_the_best, MadeRecording) {
  add_serial(1);
  add_pooled(8, 0.501);
  add_pooled(1, 1.1);
  add_pooled(4, 0.25);
  add_pooled(2, 0.5);
  BOOST_TEST(enough_workers(recording).value() == 4U);
  test::blur(add_pooled(3, 0.2502), 0.01);
  BOOST_TEST(enough_workers(recording).value() == 3U);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_said_of_one_number_of_workers, MadeRecording) {
  add_serial(1);
  add_pooled(2, 0.5);
  BOOST_TEST(!enough_workers(recording).has_value());
  add_command("cp", 0.1);
  BOOST_TEST(!enough_workers(recording).has_value());
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
