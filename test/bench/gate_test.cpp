#define BOOST_TEST_MODULE gate
#include "bench/gate.hpp"

#include <boost/test/unit_test.hpp>

#include "ream/error.hpp"
#include "support/made_recording.hpp"

using namespace ream::bench;

BOOST_AUTO_TEST_CASE(fails_only_where_the_whole_interval_is_on_the_wrong_side) {
  const auto gate = parse_gate("speedup < 1.5");
  BOOST_TEST(gate.fails({1.4, {1.3, 1.49}, 10}));
  BOOST_TEST(!gate.fails({1.4, {1.3, 1.51}, 10}));  // it may be 1.5
  BOOST_TEST(!gate.fails({1.6, {1.55, 1.7}, 10}));
}

BOOST_AUTO_TEST_CASE(every_relation_means_what_it_says) {
  const Estimate exactly = {2, {2, 2}, 10};
  BOOST_TEST(!parse_gate("speedup < 2").fails(exactly));
  BOOST_TEST(parse_gate("speedup<=2").fails(exactly));
  BOOST_TEST(!parse_gate("speedup > 2").fails(exactly));
  BOOST_TEST(parse_gate("speedup >=2").fails(exactly));
}

BOOST_FIXTURE_TEST_CASE(only_the_best_arm_of_reams_own_is_judged, ream::test::MadeRecording) {
  add_serial(1);
  add_pooled(1, 1.2);
  add_pooled(2, 0.5);
  add_command("cp", 2);
  BOOST_TEST(failures({parse_gate("speedup < 1.05")}, recording).empty());
  const auto failed = failures({parse_gate("speedup < 3")}, recording);
  BOOST_REQUIRE(failed.size() == 1U);
  BOOST_TEST(failed.front() == "-j2: 2.00 [2.00, 2.00], as --fail-if 'speedup < 3' does not allow");
}

BOOST_FIXTURE_TEST_CASE(efficiency_is_the_speedup_by_the_workers_more_than_the_base_has,
                        ream::test::MadeRecording) {
  add_pooled(2, 1);
  add_pooled(8, 0.5);  // twice as fast by four times the workers
  BOOST_TEST(failures({parse_gate("efficiency < 0.49")}, recording).empty());
  const auto failed = failures({parse_gate("efficiency < 0.6")}, recording);
  BOOST_REQUIRE(failed.size() == 1U);
  BOOST_TEST(failed.front().starts_with("-j8: 0.50 [0.50, 0.50]"), failed.front());
}

BOOST_AUTO_TEST_CASE(a_gate_with_nothing_to_compare_is_refused) {
  Axes axes;
  axes.placements = {ream::Placement::in_process};
  const auto alone = compare_along(axes.with_defaults(2));
  BOOST_CHECK_THROW(check_gates({parse_gate("speedup < 1")}, alone), ream::InputError);
  check_gates({}, alone);
  axes.commands = {"cp"};
  const auto beside = compare_along(axes.with_defaults(2));
  check_gates({parse_gate("speedup < 1")}, beside);
  BOOST_CHECK_THROW(check_gates({parse_gate("efficiency < 1")}, beside), ream::InputError);
}

BOOST_AUTO_TEST_CASE(what_is_no_condition_is_refused) {
  for (const auto* text : {"", "speedup", "speedup 1.5", "speed < 1", "speedup < x",
                           "speedup < 1 2", "speedup = 1", "speedup < nan", "< 1"}) {
    BOOST_CHECK_THROW(parse_gate(text), ream::InputError);
  }
}
