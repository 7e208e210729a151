#define BOOST_TEST_MODULE generator
#include "ream/generator.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "ream/error.hpp"

using namespace ream;

namespace {

using FillKind = GeneratorOptions::FillKind;

std::string path_of(const Plan& plan, std::uint64_t index) {
  const auto scratch = plan.make_scratch();
  return std::string(plan.job(index, *scratch).path);
}

std::uint64_t fill_size(const Plan& plan, std::uint64_t index) {
  const auto scratch = plan.make_scratch();
  return std::get<Fill>(plan.job(index, *scratch).content).size;
}

}  // namespace

BOOST_AUTO_TEST_CASE(by_default_file_i_of_500_has_i_equal_signs) {
  const auto plan = make_generator({});
  const auto scratch = plan->make_scratch();
  BOOST_TEST(plan->size() == 500U);
  BOOST_TEST(plan->is_known_good());
  for (const std::uint64_t index : {0U, 41U, 499U}) {
    const auto job = plan->job(index, *scratch);
    BOOST_TEST(job.path == "info" + std::to_string(index + 1));
    const auto fill = std::get<Fill>(job.content);
    BOOST_TEST(fill.unit == "=");
    BOOST_TEST(fill.size == index + 1);
    BOOST_TEST(!job.mode);
    BOOST_TEST(!job.mtime);
  }
}

BOOST_AUTO_TEST_CASE(a_size_is_every_files_size) {
  GeneratorOptions options;
  options.size = 4096;
  BOOST_TEST(fill_size(*make_generator(options), 0) == 4096U);
  BOOST_TEST(fill_size(*make_generator(options), 499) == 4096U);
}

BOOST_AUTO_TEST_CASE(a_range_is_drawn_evenly_from_the_seed_both_ends_included) {
  GeneratorOptions options;
  options.count = 4000;
  options.size = 10;
  options.largest_size = 13;
  const auto plan = make_generator(options);
  std::map<std::uint64_t, int> seen;
  for (std::uint64_t index = 0; index < options.count; ++index) ++seen[fill_size(*plan, index)];
  BOOST_REQUIRE(seen.size() == 4U);
  BOOST_TEST(seen.begin()->first == 10U);
  for (const auto& [size, times] : seen) BOOST_TEST(std::abs(times - 1000) < 150);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_sizes_and_another_seed_others) {
  GeneratorOptions options;
  options.size = 0;
  options.largest_size = 1'000'000;
  const auto first = make_generator(options);
  const auto again = make_generator(options);
  options.seed = 2;
  const auto other = make_generator(options);
  int equal = 0;
  for (std::uint64_t index = 0; index < 100; ++index) {
    BOOST_TEST(fill_size(*first, index) == fill_size(*again, index));
    equal += fill_size(*first, index) == fill_size(*other, index);
  }
  BOOST_TEST(equal < 5);
}

BOOST_AUTO_TEST_CASE(random_contents_of_two_files_have_two_seeds) {
  GeneratorOptions options;
  options.fill = FillKind::random;
  const auto plan = make_generator(options);
  const auto scratch = plan->make_scratch();
  std::set<std::uint64_t> seeds;
  for (std::uint64_t index = 0; index < 500; ++index) {
    seeds.insert(std::get<RandomBytes>(plan->job(index, *scratch).content).seed);
  }
  BOOST_TEST(seeds.size() == 500U);
}

BOOST_AUTO_TEST_CASE(directories_have_at_most_so_many_files_and_names_of_one_width) {
  GeneratorOptions options;
  options.count = 25;
  options.files_per_directory = 2;
  const auto plan = make_generator(options);
  std::map<std::string, int> files;
  for (std::uint64_t index = 0; index < 25; ++index) {
    const auto path = path_of(*plan, index);
    ++files[path.substr(0, path.find('/'))];
  }
  BOOST_TEST(files.size() == 13U);
  BOOST_TEST(files["d01"] == 2);
  BOOST_TEST(files["d13"] == 1);
  BOOST_TEST(path_of(*plan, 24) == "d13/info25");
}

BOOST_AUTO_TEST_CASE(bad_options_are_refused) {
  GeneratorOptions none;
  none.count = 0;
  BOOST_CHECK_THROW(make_generator(none), InputError);
  GeneratorOptions backwards;
  backwards.size = 2;
  backwards.largest_size = 1;
  BOOST_CHECK_THROW(make_generator(backwards), InputError);
  for (const char* name : {"../x{}", "/x{}", "a//{}", "x{}/", "./{}", "", "{"}) {
    GeneratorOptions options;
    options.name = name;
    BOOST_TEST_CONTEXT("name '" << name << "'") {
      BOOST_CHECK_THROW(make_generator(options), InputError);
    }
  }
  GeneratorOptions long_name;
  long_name.name = std::string(254, 'x') + "{}";  // 255 bytes for file 1, 257 for file 500
  BOOST_CHECK_THROW(make_generator(long_name), InputError);
}

BOOST_AUTO_TEST_CASE(one_file_needs_no_field_in_its_name) {
  GeneratorOptions options;
  options.count = 1;
  options.name = "only";
  BOOST_TEST(make_generator(options)->is_known_good());
}

BOOST_AUTO_TEST_CASE(a_slice_is_a_shard_of_the_plan) {
  const auto plan = make_generator({});
  const auto slice = plan->slice(100, 200);
  BOOST_TEST(slice.size() == 100U);
  BOOST_TEST(path_of(slice, 0) == "info101");
  BOOST_TEST(slice.place(99) == "file 200");
  BOOST_CHECK_THROW(plan->slice(2, 1), std::out_of_range);
  BOOST_CHECK_THROW(plan->slice(0, 501), std::out_of_range);
}
