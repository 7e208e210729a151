#define BOOST_TEST_MODULE terminate
#include <boost/test/unit_test.hpp>

#include "example.hpp"

using namespace ream::test;

BOOST_AUTO_TEST_CASE(terminated_process_is_not_alive_after_join_and_tells_its_signal) {
  Running program(path_of_example("terminate"), {});
  const auto ended = program.wait();
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!program.anyone_left());
  const int pid = number_after("pid: ", ended.out);
  BOOST_TEST(pid != program.pid());

  const std::string before =
      "before start(): not alive\nname: sleeper, pid: " + std::to_string(pid) +
      "\nafter start(): alive\n";
  const std::string after = "after join(): not alive\nexit code -15: killed by SIGTERM\n";
  // Just after the signal both may be true.
  BOOST_TEST((ended.out == before + "just after terminate(): alive\n" + after ||
              ended.out == before + "just after terminate(): not alive\n" + after));
}
