// What is asked of a batch for an arm, and what its clock has in it.
#define BOOST_TEST_MODULE measure
#include "bench/measure.hpp"

#include <boost/test/unit_test.hpp>

#include "support/temporary_directory.hpp"

using namespace ream;
using namespace ream::bench;

BOOST_AUTO_TEST_CASE(all_that_an_arm_says_is_asked_of_the_batch) {
  const Arm arm{"", 0, Placement::process_per_job, 7, {}, Atomic::file, Sync::batch};
  const auto options = write_options(arm, Latency::calls);
  BOOST_CHECK(options.placement == Placement::process_per_job);
  BOOST_TEST(options.workers == 7U);
  BOOST_CHECK(options.atomic == Atomic::file);
  BOOST_CHECK(options.sync == Sync::batch);
  BOOST_CHECK(options.latency == Latency::calls);
  BOOST_TEST(options.stop_signals.size() == os::stop_signals.size());
}

// A manifest is read to find its lines: of one that is large that takes longer than to write it.
BOOST_AUTO_TEST_CASE(the_time_to_make_the_plan_is_part_of_a_sample) {
  const TemporaryDirectory directory;
  directory.write_file("m",
                       R"({"path": "a", "content": "text")" + std::string(30 << 20, ' ') + "}\n");
  const Arm serial{"", 0, Placement::in_process, 1};
  const os::StopSignals stop(os::stop_signals, os::SecondSignal::ends_the_process);
  const auto sample =
      measure(serial, {0, std::nullopt, directory / "m"}, directory / "out", Latency::files, stop);
  BOOST_TEST(directory.read_file("out/a") == "text");
  const auto& phases = sample.phases;
  BOOST_TEST_MESSAGE("plan " << phases.plan << ", write " << phases.write << ", in all "
                             << sample.seconds);
  BOOST_TEST(sample.seconds >= phases.plan + phases.write + phases.publish);
}
