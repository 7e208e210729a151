// The target is opened once: what comes to its name later is not written into.
#define BOOST_TEST_MODULE swapped_target
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>

#include "ream/batch.hpp"
#include "ream/generator.hpp"
#include "support/meddling_plan.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
namespace fs = boost::filesystem;

namespace {

// A link to `outside` comes to the name `swapped` while the plan is checked.
Report write_while_swapped(const TemporaryDirectory& directory, const std::string& swapped,
                           const std::string& target, const WriteOptions& options) {
  const auto whole = make_generator({.size = 10, .count = 3});
  const test::MeddlingPlan plan(
      *whole, 0,
      [&] {
        if (directory.contains("moved")) return;
        fs::rename(directory / swapped, directory / "moved");
        directory.make_link("outside", swapped);
      },
      false);
  return write_batch(plan, directory / target, options);
}

WriteOptions serial(Atomic atomic) {
  WriteOptions options;
  options.atomic = atomic;
  options.placement = Placement::in_process;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_directory_is_written_that_was_there_at_the_beginning) {
  for (const auto atomic : {Atomic::none, Atomic::file}) {
    const TemporaryDirectory directory;
    directory.write_file("out/mine", "x");
    directory.make_directory("outside");
    BOOST_TEST(write_while_swapped(directory, "out", "out", serial(atomic)).complete());
    BOOST_TEST(fs::is_empty(directory / "outside"));
    BOOST_TEST(directory.contains("moved/info3"));
  }
}

BOOST_AUTO_TEST_CASE(a_batch_is_published_beside_where_its_parent_was_at_the_beginning) {
  const TemporaryDirectory directory;
  directory.make_directory("p");
  directory.make_directory("outside");
  BOOST_TEST(write_while_swapped(directory, "p", "p/out", serial(Atomic::batch)).complete());
  BOOST_TEST(fs::is_empty(directory / "outside"));
  BOOST_TEST(directory.contains("moved/out/info3"));
}
