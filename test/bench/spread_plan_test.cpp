#define BOOST_TEST_MODULE spread_plan
#include "bench/spread_plan.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "ream/generator.hpp"

using namespace ream;

namespace {

std::map<std::string, int> files_by_directory(std::uint64_t count, unsigned directories) {
  GeneratorOptions options;
  options.count = count;
  options.name = "file{}";
  const auto plan = bench::spread_over_directories(make_generator(options), directories);
  const auto scratch = plan->make_scratch();
  std::map<std::string, int> files;
  for (std::uint64_t i = 0; i < plan->size(); ++i) {
    const std::string path(plan->job(i, *scratch).path);
    BOOST_TEST(path.substr(path.find('/')) == "/file" + std::to_string(i + 1));
    ++files[path.substr(0, path.find('/'))];
  }
  return files;
}

}  // namespace

BOOST_AUTO_TEST_CASE(there_are_as_many_directories_as_asked_for_and_none_has_two_files_more) {
  for (const auto& [count, directories] : {std::pair{500U, 300U}, {500U, 7U}, {6U, 6U}, {9U, 1U}}) {
    const auto files = files_by_directory(count, directories);
    BOOST_TEST(files.size() == directories);
    for (const auto& [name, number] : files) {
      BOOST_TEST(number >= static_cast<int>(count / directories));
      BOOST_TEST(number <= static_cast<int>(count / directories) + 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_directory_is_empty) {
  BOOST_TEST(files_by_directory(3, 8).size() == 3U);
}
