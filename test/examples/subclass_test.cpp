#define BOOST_TEST_MODULE subclass
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "example.hpp"

using namespace ream::test;

namespace {

struct Expected {
  std::string name;
  std::string sum;
};

const std::vector<Expected> instances{
    {"1 to 10", "55"}, {"1 to 100", "5050"}, {"1 to 1000", "500500"}};

}  // namespace

BOOST_AUTO_TEST_CASE(each_instance_runs_in_a_process_of_its_name_and_pid) {
  Running program(path_of_example("subclass"), {});
  std::set<int> pids{program.pid()};
  const auto ended = program.wait();
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(lines_of(ended.out).size() == 2 * instances.size());
  for (const auto& [name, sum] : instances) {
    const int pid = number_after("started " + name + " (pid ", ended.out);
    const auto said = name + " (pid " + std::to_string(pid) + "): the sum is " + sum + "\n";
    BOOST_TEST(contains(ended.out, said));
    pids.insert(pid);
  }
  BOOST_TEST(pids.size() == instances.size() + 1);
}
