// What 'ream bench' leaves behind, however it ends, and what it does not lose.
#define BOOST_TEST_MODULE bench_leftovers
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>

#include "support/fast_place.hpp"
#include "support/leak_check.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

std::size_t entries_in(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

struct Place {
  TemporaryDirectory scratch{fast_place()};
  fs::path directory = scratch / "a" / "b" / "place";

  Words endless(Words more = {}) const {
    Words words = {"bench", "--count", "100", "--precision", "0.0001"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(directory.string());
    return words;
  }
  bool has_begun() const { return fs::exists(directory) && entries_in(directory) == 2; }
};

void stop_after_a_moment(Running& bench, const Place& place, int signal) {
  BOOST_REQUIRE(eventually([&] { return place.has_begun(); }));
  ::usleep(300'000);
  bench.send_signal_to_group(signal);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(directories_that_it_made_go_and_what_others_put_there_stays, Place) {
  Running bench(REAM_PROGRAM, endless());
  BOOST_REQUIRE(eventually([&] { return has_begun(); }));
  std::ofstream((scratch / "a/b/precious").native()) << "mine";
  stop_after_a_moment(bench, *this, SIGTERM);
  BOOST_TEST(bench.wait().signal == SIGTERM);
  BOOST_TEST(fs::exists(scratch / "a/b/precious"));
  BOOST_TEST(!fs::exists(directory));
}

BOOST_FIXTURE_TEST_CASE(whenever_a_signal_comes_the_figures_are_shown_and_nothing_is_left, Place) {
  for (int round = 0; round < 10; ++round) {
    Running bench(REAM_PROGRAM, endless());
    BOOST_REQUIRE(eventually([&] { return has_begun(); }));
    ::usleep(static_cast<useconds_t>(200'000 + round * 7'000));
    bench.send_signal_to_group(SIGINT);
    const auto ended = bench.wait();
    BOOST_TEST(ended.signal == SIGINT, ended.err);
    BOOST_TEST(contains(ended.out, "until it was stopped"));
    BOOST_TEST(!fs::exists(scratch / "a"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_signal_ends_another_program_and_what_it_started, Place) {
  const auto trace = (scratch / "still-there").string();
  Running bench(REAM_PROGRAM, endless({"--placement", "none", "--against",
                                       "(sleep 2; touch " + trace + ") & sleep 50"}));
  stop_after_a_moment(bench, *this, SIGINT);
  const auto ended = bench.wait();
  BOOST_TEST(ended.signal == SIGINT, ended.err);
  BOOST_TEST(contains(ended.out, "until it was stopped"));
  BOOST_TEST(!fs::exists(scratch / "a"));
  ::usleep(2'200'000);
  BOOST_TEST(!fs::exists(trace));
}

BOOST_FIXTURE_TEST_CASE(what_a_killed_one_leaves_goes_with_the_next_or_by_clean, Place) {
  for (const bool by_clean : {true, false}) {
    Running bench(REAM_PROGRAM, endless(), without_leak_check({}));
    stop_after_a_moment(bench, *this, SIGKILL);
    bench.wait();
    BOOST_TEST(entries_in(directory) == 2U);
    if (by_clean) {
      BOOST_TEST(run_ream({"clean", directory.string()}).exit_code == 0);
    } else {
      BOOST_TEST(
          run_ream({"bench", "--runs", "1", "--count", "10", directory.string()}).exit_code == 0);
    }
    BOOST_TEST(entries_in(directory) == 0U);
  }
}

BOOST_FIXTURE_TEST_CASE(two_at_once_leave_each_other_alone, Place) {
  Running first(REAM_PROGRAM, endless());
  BOOST_REQUIRE(eventually([&] { return has_begun(); }));
  const auto second = run_ream({"bench", "--runs", "2", "--count", "10", directory.string()});
  BOOST_TEST(second.exit_code == 0, second.err);
  BOOST_TEST(has_begun());
  first.send_signal_to_group(SIGINT);
  BOOST_TEST(first.wait().signal == SIGINT);
  BOOST_TEST(!fs::exists(scratch / "a"));
}

BOOST_FIXTURE_TEST_CASE(an_output_that_cannot_be_had_is_told_before_anything_is_measured, Place) {
  for (const Words& output : {Words{"--json", "/nonexistent/x.json"}, Words{"--csv", "/"},
                              Words{"--json", "-"}, Words{"--json", directory.string() + "/x"}}) {
    auto words = endless(output);
    const auto ended = run_ream(words);  // else it would measure for a minute
    BOOST_TEST(ended.exit_code != 0);
    BOOST_TEST(contains(ended.err, output.back()), ended.err);
    BOOST_TEST(ended.out.empty());
    BOOST_TEST(!fs::exists(scratch / "a"));
  }
}

BOOST_FIXTURE_TEST_CASE(an_output_that_fails_takes_no_other_along, Place) {
  const auto csv = (scratch / "out.csv").string();
  const auto ended = run_ream({"bench", "--runs", "2", "--count", "10", "--json", "/dev/full",
                               "--csv", csv, directory.string()});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "/dev/full"));
  BOOST_TEST(contains(ended.out, "median"));
  BOOST_TEST(fs::file_size(csv) > 0U);
}

BOOST_FIXTURE_TEST_CASE(the_time_limit_ends_a_run_of_many_rounds_too, Place) {
  const auto ended = run_ream(
      {"bench", "--runs", "1000000", "--time-limit", "0.5", "--count", "10", directory.string()});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, "rounds until the time limit"));
}

BOOST_FIXTURE_TEST_CASE(a_program_that_is_not_told_how_many_gets_no_more_files, Place) {
  const auto copied = (scratch / "copied").string();
  BOOST_REQUIRE(run_ream({"generate", "-q", "--size", "4K", copied}).exit_code == 0);
  const auto ended = run_ream({"bench", "--runs", "2", "--placement", "serial", "--against",
                               "cp -r " + copied + "/. \"{dir}\"", directory.string()});
  BOOST_TEST(ended.exit_code == 0, ended.err);
}
