#define BOOST_TEST_MODULE gate
#include "bench/gate.hpp"

#include <boost/test/unit_test.hpp>

#include "ream/error.hpp"

using namespace ream::bench;

BOOST_AUTO_TEST_CASE(fails_only_where_the_whole_interval_is_on_the_wrong_side) {
  const auto gate = parse_gate("speedup < 1.5");
  BOOST_TEST(gate.fails({1.4, {1.3, 1.49}, 10}, 2));
  BOOST_TEST(!gate.fails({1.4, {1.3, 1.51}, 10}, 2));  // it may be 1.5
  BOOST_TEST(!gate.fails({1.6, {1.55, 1.7}, 10}, 2));
}

BOOST_AUTO_TEST_CASE(every_relation_means_what_it_says) {
  const Estimate exactly = {2, {2, 2}, 10};
  BOOST_TEST(!parse_gate("speedup < 2").fails(exactly, 2));
  BOOST_TEST(parse_gate("speedup<=2").fails(exactly, 2));
  BOOST_TEST(!parse_gate("speedup > 2").fails(exactly, 2));
  BOOST_TEST(parse_gate("speedup >=2").fails(exactly, 2));
}

BOOST_AUTO_TEST_CASE(efficiency_is_the_speedup_for_each_worker) {
  BOOST_TEST(parse_gate("efficiency < 0.6").fails({2, {1.9, 2.1}, 10}, 4));
  BOOST_TEST(!parse_gate("efficiency < 0.6").fails({2, {1.9, 2.1}, 10}, 2));
}

BOOST_AUTO_TEST_CASE(what_is_no_condition_is_refused) {
  for (const auto* text : {"", "speedup", "speedup 1.5", "speed < 1", "speedup < x",
                           "speedup < 1 2", "speedup = 1", "speedup < nan", "< 1"}) {
    BOOST_CHECK_THROW(parse_gate(text), ream::InputError);
  }
}
