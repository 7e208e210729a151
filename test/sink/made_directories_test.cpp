// Directories made on the way are removed where they were made, not where their path leads later.
#define BOOST_TEST_MODULE made_directories
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "sink/made_directories.hpp"
#include "support/meddling_plan.hpp"
#include "support/temporary_directory.hpp"

BOOST_AUTO_TEST_CASE(a_directory_outside_stays_where_a_parent_was_swapped_for_a_link) {
  const TemporaryDirectory directory;
  directory.make_directory("p");
  directory.make_directory("outside/new");
  {
    ream::sink::MadeDirectories made;
    made.make(directory / "p/new");
    boost::filesystem::rename(directory / "p", directory / "moved");
    directory.make_link("outside", "p");
  }
  BOOST_TEST(directory.contains("outside/new"));
  BOOST_TEST(!directory.contains("moved/new"));
}

BOOST_AUTO_TEST_CASE(all_that_was_made_goes_the_deepest_first_and_what_was_there_stays) {
  const TemporaryDirectory directory;
  directory.make_directory("there");
  {
    ream::sink::MadeDirectories made;
    made.make(directory / "there/a/b/../b/c");
    BOOST_TEST(directory.contains("there/a/b/c"));
  }
  BOOST_TEST(boost::filesystem::is_empty(directory / "there"));
}

BOOST_AUTO_TEST_CASE(what_is_kept_or_used_stays) {
  const TemporaryDirectory directory;
  {
    ream::sink::MadeDirectories used;
    used.make(directory / "used/new");
    directory.write_file("used/mine", "x");
    ream::sink::MadeDirectories kept;
    kept.make(directory / "kept/new");
    kept.keep();
  }
  BOOST_TEST(directory.contains("used/mine"));
  BOOST_TEST(!directory.contains("used/new"));
  BOOST_TEST(directory.contains("kept/new"));
}

// The same by a whole batch that fails.
BOOST_AUTO_TEST_CASE(a_failed_batch_removes_nothing_outside) {
  const TemporaryDirectory directory;
  directory.make_directory("p");
  directory.make_directory("outside/new");
  const auto whole = ream::make_generator({.size = 10, .count = 3});
  const ream::test::MeddlingPlan plan(*whole, 1, [&] {
    boost::filesystem::rename(directory / "p", directory / "moved");
    directory.make_link("outside", "p");
    throw ream::Error(ream::Operation::read, "x", EIO);
  });
  ream::WriteOptions options;
  options.placement = ream::Placement::in_process;
  const auto report = ream::write_batch(plan, directory / "p/new/out", options);
  BOOST_TEST(!report.complete());
  BOOST_TEST(directory.contains("outside/new"));
}
