// What runs in children counts in a coverage build.
#define BOOST_TEST_MODULE process_coverage
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <regex>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

// The one below `directory` with this ending; empty where there is none.
fs::path file_with(const std::string& ending, const fs::path& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().native().ends_with(ending)) return entry.path();
  }
  return {};
}

// How often the first line of a function's body ran, by the text that `gcov --stdout` writes.
int calls_of(const std::string& function, const std::string& annotated) {
  const std::regex body("void " + function + R"(\(\) \{\n\s*(\d+)\*?:)");
  std::smatch found;
  return std::regex_search(annotated, found, body) ? std::stoi(found[1]) : 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_counts_of_children_are_not_lost) {
  const TemporaryDirectory directory;
  const auto ended =
      run(COVERAGE_PROGRAM, {}, {.environment = {{"GCOV_PREFIX", directory.path().native()}}});
  BOOST_REQUIRE(ended.exit_code == 0);
  const auto data = file_with(".gcda", directory.path());
  if (data.empty() || run("gcov", {"--version"}).exit_code != 0) {
    BOOST_TEST_MESSAGE("skipped: there is no gcov, or the compiler writes no data for it");
    return;
  }
  const auto notes = file_with("coverage_program.cpp.gcno", COVERAGE_NOTES);
  BOOST_REQUIRE(!notes.empty());
  fs::copy_file(notes, fs::path(data).replace_extension(".gcno"));
  const auto told =
      run("gcov", {"--stdout", data.native()}, {.directory = directory.path().native()});
  BOOST_TEST_CONTEXT(told.out << told.err) {
    BOOST_TEST(calls_of("in_a_child_that_returns", told.out) == 3);
    BOOST_TEST(calls_of("in_a_child_that_exits", told.out) == 2);
    BOOST_TEST(calls_of("in_a_daemon", told.out) == 1);
    BOOST_TEST(calls_of("in_the_parent", told.out) >= 1);
  }
}
