#define BOOST_TEST_MODULE write_files
#include <sys/resource.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "example.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

std::vector<std::string> names_from_1_to_500() {
  std::vector<std::string> names;
  for (int i = 1; i <= 500; ++i) names.push_back("info" + std::to_string(i));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_file_is_whole_and_every_name_is_shown) {
  const TemporaryDirectory scratch;
  const auto ended = run_example("write_files", {"out"}, {.directory = scratch.path().native()});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err == "");
  BOOST_TEST(lines_of(ended.out) == names_from_1_to_500(), boost::test_tools::per_element());
  for (std::size_t i = 1; i <= 500; ++i) {
    BOOST_REQUIRE(scratch.read_file("out/info" + std::to_string(i)) == std::string(i, '='));
  }
}

BOOST_AUTO_TEST_CASE(it_needs_few_descriptors) {
  const TemporaryDirectory scratch;
  const auto allow_256 = [] {
    const rlimit few{256, 256};
    setrlimit(RLIMIT_NOFILE, &few);
  };
  const auto ended = run_example("write_files", {"out"},
                                 {.directory = scratch.path().native(), .before_exec = allow_256});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(lines_of(ended.out).size() == 500U);
}

BOOST_AUTO_TEST_CASE(file_that_cannot_be_written_is_told) {
  const TemporaryDirectory scratch;
  scratch.make_directory("out/info7");
  const auto ended = run_example("write_files", {"out"}, {.directory = scratch.path().native()});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(contains(ended.err, "Process Process-7: cannot write info7\n"));
  BOOST_TEST(contains(ended.err, "write_files: Process-7 exited with 1\n"));
}
