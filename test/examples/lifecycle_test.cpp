#define BOOST_TEST_MODULE lifecycle
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "example.hpp"

using namespace ream::test;

namespace {

const std::string goes_on = "parent: at the end of main()\n";
const std::string child_ends = "child: done\n";

bool parent_goes_on_before_its_child_ends() {
  const auto out = run_example("lifecycle").out;
  return out.find(goes_on) < out.find(child_ends);
}

}  // namespace

BOOST_AUTO_TEST_CASE(parent_and_child_agree_on_their_pids) {
  Running program(path_of_example("lifecycle"), {});
  const int parent = program.pid();
  const auto ended = program.wait();
  const int child = number_after("parent: the child is ", ended.out);
  BOOST_TEST(child != parent);
  const auto pids =
      "the child is " + std::to_string(child) + ", its parent " + std::to_string(parent) + "\n";
  BOOST_TEST(contains(ended.out, "parent: " + pids));
  BOOST_TEST(contains(ended.out, "child: " + pids));
}

BOOST_AUTO_TEST_CASE(parent_does_not_end_before_its_child) {
  Running program(path_of_example("lifecycle"), {});
  const auto ended = program.wait();
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!program.anyone_left());
  BOOST_TEST(contains(ended.out, goes_on));
  BOOST_TEST(contains(ended.out, child_ends));
}

// The child's head start is a second: a machine that stands still for longer proves nothing.
BOOST_AUTO_TEST_CASE(parent_goes_on_at_once) {
  const std::vector<int> attempts(5);
  BOOST_TEST(std::any_of(attempts.begin(), attempts.end(),
                         [](int) { return parent_goes_on_before_its_child_ends(); }));
}
