#define BOOST_TEST_MODULE ledger
#include "pool/ledger.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "ream/error.hpp"
#include "ream/process.hpp"

using namespace ream;
using namespace ream::detail;

namespace {

constexpr ResultLayout seven_bytes{7, 1};

}  // namespace

BOOST_AUTO_TEST_CASE(a_fresh_ledger_is_untouched_and_zero) {
  const Ledger ledger(1000, {8, 8}, 2);
  for (std::uint64_t index = 0; index < ledger.count(); ++index) {
    BOOST_TEST((ledger.state(index) == JobState::untouched));
    BOOST_TEST(*static_cast<const std::uint64_t*>(ledger.result(index)) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(results_are_aligned_and_do_not_overlap) {
  Ledger ledger(100, {12, 4}, 1);
  struct Twelve {
    std::uint32_t words[3];
  };
  for (std::uint32_t i = 0; i < 100; ++i) {
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(ledger.result(i)) % 4 == 0U);
    *static_cast<Twelve*>(ledger.result(i)) = {{i, i, i}};
    ledger.set_state(i, JobState::failed);
  }
  for (std::uint32_t i = 0; i < 100; ++i) {
    BOOST_TEST(static_cast<Twelve*>(ledger.result(i))->words[2] == i);
    BOOST_TEST((ledger.state(i) == JobState::failed));
  }
}

BOOST_AUTO_TEST_CASE(seven_bytes_and_a_state_take_eight) {
  const Ledger ledger(2, seven_bytes, 1);
  const auto* first = static_cast<const char*>(ledger.result(0));
  const auto* second = static_cast<const char*>(ledger.result(1));
  BOOST_TEST(second - first == 8);
}

BOOST_AUTO_TEST_CASE(claims_cover_every_position_once) {
  for (const std::uint64_t total : {1U, 2U, 7U, 100U, 100'000U}) {
    Ledger ledger(total, seven_bytes, 3);
    std::uint64_t expected = 0;
    while (true) {
      const auto range = ledger.claim(total);
      if (range.begin == range.end) break;
      BOOST_TEST(range.begin == expected);
      BOOST_TEST(range.end > range.begin);
      expected = range.end;
    }
    BOOST_TEST(expected == total);
    BOOST_TEST(ledger.all_claimed(total));
  }
}

BOOST_AUTO_TEST_CASE(ranges_shrink_to_single_jobs_at_the_end) {
  Ledger ledger(10'000, seven_bytes, 4);
  std::uint64_t last_size = 10'000;
  std::uint64_t singles = 0;
  for (auto range = ledger.claim(10'000); range.begin < range.end; range = ledger.claim(10'000)) {
    const auto size = range.end - range.begin;
    BOOST_TEST(size <= last_size);
    last_size = size;
    singles += size == 1;
  }
  BOOST_TEST(last_size == 1U);
  BOOST_TEST(singles >= 4U);
}

BOOST_AUTO_TEST_CASE(processes_that_claim_at_once_never_share_a_position) {
  constexpr std::uint64_t total = 20'000;
  Ledger ledger(total, {4, 4}, 4);
  std::vector<Process> children;
  for (int i = 0; i < 4; ++i) {
    children.emplace_back([&] {
      for (auto range = ledger.claim(total); range.begin < range.end; range = ledger.claim(total)) {
        for (auto position = range.begin; position < range.end; ++position) {
          ++*static_cast<std::uint32_t*>(ledger.result(position));
        }
      }
    });
    children.back().start();
  }
  join_all(children);
  for (auto& child : children) BOOST_TEST(child.exitcode().value() == 0);
  for (std::uint64_t position = 0; position < total; ++position) {
    BOOST_REQUIRE(*static_cast<std::uint32_t*>(ledger.result(position)) == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_new_round_claims_from_the_beginning) {
  Ledger ledger(10, seven_bytes, 1);
  while (!ledger.all_claimed(10)) ledger.claim(10);
  ledger.start_round();
  BOOST_TEST(ledger.claim(10).begin == 0U);
}

BOOST_AUTO_TEST_CASE(a_lane_keeps_its_first_text_and_cuts_a_long_one) {
  Lane lane;
  lane.note_text(6, std::string(1000, 'x'));
  lane.note_text(7, "second");
  BOOST_TEST(lane.text_of.load() == 7U);
  BOOST_TEST(std::string_view(lane.text.data()) == std::string(255, 'x'));
}

BOOST_AUTO_TEST_CASE(a_count_that_no_memory_holds_is_an_error) {
  BOOST_CHECK_THROW(Ledger(UINT64_MAX, seven_bytes, 1), Error);
  BOOST_CHECK_THROW(Ledger(std::uint64_t{1} << 60, seven_bytes, 1), Error);
}
