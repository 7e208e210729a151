#define BOOST_TEST_MODULE hash_filter
#include "plan/hash_filter.hpp"

#include <boost/test/unit_test.hpp>

#include "plan/path_hash.hpp"
#include "random.hpp"
#include "ream/process.hpp"

using ream::SplitMix64;
using ream::plan::HashFilter;

BOOST_AUTO_TEST_CASE(what_was_added_is_found_and_little_else) {
  constexpr int count = 100'000;
  HashFilter filter(count);
  SplitMix64 added(1);
  for (int i = 0; i < count; ++i) filter.add(added.next());
  SplitMix64 again(1);
  for (int i = 0; i < count; ++i) BOOST_REQUIRE(filter.may_contain(again.next()));
  SplitMix64 others(2);
  int false_alarms = 0;
  for (int i = 0; i < count; ++i) false_alarms += filter.may_contain(others.next());
  BOOST_TEST(false_alarms <= 5);
}

BOOST_AUTO_TEST_CASE(what_a_child_adds_the_parent_finds) {
  HashFilter filter(10);
  ream::Process child([&] { filter.add(42); });
  child.start();
  child.join();
  BOOST_TEST(child.exitcode().value() == 0);
  BOOST_TEST(filter.may_contain(42));
  BOOST_TEST(!filter.may_contain(43));
}

BOOST_AUTO_TEST_CASE(one_pass_hashes_a_path_and_its_parents) {
  using ream::plan::hash_path;
  const auto ignore = [](std::uint64_t, std::string_view) {};
  std::vector<std::string> parents;
  hash_path("a/bc/d", [&](std::uint64_t hash, std::string_view parent) {
    BOOST_TEST(hash == hash_path(parent, ignore));
    parents.emplace_back(parent);
  });
  BOOST_TEST(parents == (std::vector<std::string>{"a", "a/bc"}));
  BOOST_TEST(hash_path("a", ignore) != hash_path("b", ignore));
}
