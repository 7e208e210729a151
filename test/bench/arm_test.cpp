// The plans that arms write.
#define BOOST_TEST_MODULE arm
#include "bench/arm.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace ream;
using namespace ream::bench;

namespace {

Arm arm_with(Layout layout) {
  Arm arm;
  arm.workers = 3;
  arm.layout = layout;
  return arm;
}

std::set<std::string> directories_of_files(const Layout& layout) {
  const auto plan = make_plan({10, 4, {}}, arm_with(layout));
  const auto scratch = plan->make_scratch();
  std::set<std::string> directories;
  for (std::uint64_t i = 0; i < plan->size(); ++i) {
    const std::string path(plan->job(i, *scratch).path);
    directories.insert(path.substr(0, path.find('/') == path.npos ? 0 : path.find('/')));
  }
  BOOST_TEST(plan->size() == 10U);
  return directories;
}

}  // namespace

BOOST_AUTO_TEST_CASE(files_lie_as_the_layout_says) {
  BOOST_TEST(directories_of_files({}) == std::set<std::string>{""});
  BOOST_TEST(directories_of_files({Layout::Kind::directories, 5}).size() == 5U);
  BOOST_TEST(directories_of_files({Layout::Kind::per_worker, 1}).size() == 3U);
}

BOOST_AUTO_TEST_CASE(without_its_number_of_workers_an_arm_is_called_by_the_rest) {
  const auto name_of = [](const std::string& name, const std::string& command = "") {
    Arm arm{name, 0, Placement::pooled, 2};
    arm.command = command;
    return name_without_workers(arm);
  };
  BOOST_TEST(name_of("-j2") == "parallel");
  BOOST_TEST(name_of("-j2, sync batch, 4 KiB") == "parallel, sync batch, 4 KiB");
  BOOST_TEST(name_of("process-per-file -j2, shared") == "process-per-file, shared");
  BOOST_TEST(name_of("-j2 {dir}", "-j2 {dir}") == "-j2 {dir}");
}
