// Of what misleads a reader is told.
#define BOOST_TEST_MODULE environment
#include "bench/environment.hpp"

#include <boost/test/unit_test.hpp>

using namespace ream::bench;

namespace {

Environment quiet() {
  Environment environment;
  environment.build = "release";
  environment.processors = 4;
  return environment;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_quiet_machine_gives_no_warning) {
  auto environment = quiet();
  environment.load = 2;
  environment.steal = 0.02;
  BOOST_TEST(warnings_before(environment, 0.9).empty());
  BOOST_TEST(warnings_after(environment).empty());
}

BOOST_AUTO_TEST_CASE(a_busy_machine_is_told_by_the_load_of_its_processors) {
  auto environment = quiet();
  environment.load = 2.1;
  const auto warnings = warnings_before(environment, 0);
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(warnings.front() == "the machine is busy: a load of 2.1 on 4 processors");
}

BOOST_AUTO_TEST_CASE(a_filesystem_that_is_nearly_full_is_told) {
  const auto warnings = warnings_before(quiet(), 0.91);
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(warnings.front() == "the filesystem is 91 % full, and slower than an empty one");
}

BOOST_AUTO_TEST_CASE(a_build_that_is_no_release_is_told) {
  auto environment = quiet();
  environment.build = "debug (not optimised)";
  const auto warnings = warnings_before(environment, 0);
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(warnings.front().starts_with("this is no release build but debug (not optimised)"));
}

BOOST_AUTO_TEST_CASE(time_that_other_machines_took_is_told) {
  auto environment = quiet();
  environment.steal = 0.03;
  const auto warnings = warnings_after(environment);
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(warnings.front() == "other machines took 3 % of the processors' time");
}

BOOST_AUTO_TEST_CASE(files_in_memory_cannot_be_made_cold) {
  for (const auto& [filesystem, number] :
       {std::pair{"tmpfs (rw)", 1U}, {"ramfs (rw)", 1U}, {"ext4 (rw)", 0U}}) {
    auto environment = quiet();
    environment.filesystem = filesystem;
    warn_where_nothing_is_dropped(environment);
    BOOST_TEST(environment.warnings.size() == number, filesystem);
  }
}
