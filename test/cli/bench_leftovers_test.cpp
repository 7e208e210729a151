// What 'ream bench' leaves behind, however it ends, and what it does not lose.
#define BOOST_TEST_MODULE bench_leftovers
#include <sys/resource.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "support/another_user.hpp"
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
                                       "(sleep 2; touch " + trace + ") & sleep 50  # {dir}"}));
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
    BOOST_REQUIRE(eventually([&] { return !bench.anyone_left(); }));  // workers hold the lock too
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

BOOST_FIXTURE_TEST_CASE(an_output_that_may_not_be_written_is_told_before_anything_is_measured,
                        Place) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: only root can be somebody else");
    return;
  }
  scratch.write_file("theirs.json", "old");
  scratch.set_mode("theirs.json", 0644);
  scratch.set_mode(".", 0777);
  RunOptions as_nobody = {.directory = scratch.path().string(), .before_exec = become_nobody};
  const auto ended = run_ream(endless({"--json", "theirs.json"}), as_nobody);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "'theirs.json': Permission denied"), ended.err);
  BOOST_TEST(ended.out.empty());
  BOOST_TEST(!fs::exists(scratch / "a"));
}

BOOST_FIXTURE_TEST_CASE(no_output_takes_the_place_of_another_or_of_what_is_measured, Place) {
  const std::string manifest = R"({"path": "f", "from": "source"})";
  scratch.write_file("m", manifest);
  scratch.write_file("source", "source");
  scratch.make_link("m", "link");
  const std::pair<Words, std::string> bad[] = {
      {{"--manifest", "m", "--json", "m"}, "--json 'm': is the same file as --manifest 'm'"},
      {{"--manifest", "link", "--csv", "./m"}, "--csv './m': is the same file as --manifest"},
      {{"--manifest", "m", "--csv", "source"},
       "--csv 'source': is the same file as m:1, \"from\":"},
      {{"--json", "out", "--csv", "out"}, "--csv 'out'"},
      {{"--csv", "out.svg", "--plot", "./out.svg"}, "'out.svg'"}};
  for (auto [words, said] : bad) {
    words.insert(words.begin(), {"bench", "--runs", "1"});
    words.push_back(directory.string());
    const auto ended = run_ream(words, {.directory = scratch.path().string()});
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, "is the same file as"), ended.err);
    BOOST_TEST(contains(ended.err, said), ended.err);
    BOOST_TEST(scratch.read_file("m") == manifest);
    BOOST_TEST(!fs::exists(scratch / "a"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_recording_stays_where_no_round_was_completed, Place) {
  scratch.write_file("old.json", "old");
  scratch.write_file("old.csv", "old");
  Running bench(REAM_PROGRAM,
                endless({"--placement", "none", "--against", "sleep 50  # {dir}", "--json",
                         "old.json", "--csv", "old.csv"}),
                {.directory = scratch.path().string()});
  stop_after_a_moment(bench, *this, SIGINT);
  const auto ended = bench.wait();
  BOOST_TEST(ended.signal == SIGINT, ended.err);
  BOOST_TEST(contains(ended.out, "no round was completed"), ended.out);
  BOOST_TEST(scratch.read_file("old.json") == "old");
  BOOST_TEST(scratch.read_file("old.csv") == "old");
}

// The pool that reads what a sample left sees it first, and it wakes nobody again.
BOOST_FIXTURE_TEST_CASE(a_signal_while_a_sample_is_checked_is_not_waited_out, Place) {
  const auto mark = (scratch / "mark").string();
  const std::string large = "truncate -s 2G {dir}/f";  // takes seconds to be read, and no memory
  Running bench(REAM_PROGRAM,
                endless({"--placement", "none", "--against", large + "; touch " + mark, "--against",
                         "sleep 30; " + large}));
  BOOST_REQUIRE(eventually([&] { return fs::exists(mark); }));
  ::usleep(200'000);
  const auto begin = std::chrono::steady_clock::now();
  bench.send_signal(SIGINT);
  BOOST_TEST(bench.wait().signal == SIGINT);
  BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 20);
  BOOST_TEST(!fs::exists(scratch / "a"));
}

BOOST_FIXTURE_TEST_CASE(times_of_files_are_of_the_samples_that_stay, Place) {
  const auto copied = (scratch / "copied").string();
  BOOST_REQUIRE(run_ream({"generate", "-q", "--count", "100", "--size", "4K", copied}).exit_code ==
                0);
  const auto log = (scratch / "log").string();
  const auto third_waits = "echo >> " + log + "; [ $(wc -l < " + log + ") -lt 3 ] || sleep 50; ";
  // With this seed the command is the first of the first round, and so the last of the second.
  Running bench(REAM_PROGRAM,
                endless({"--placement", "serial", "--seed", "3", "--json", "out.json", "--against",
                         third_waits + "cp -r " + copied + "/. {dir}"}),
                {.directory = scratch.path().string()});
  BOOST_REQUIRE(eventually([&] { return fs::exists(log) && fs::file_size(log) == 3; }));
  bench.send_signal(SIGINT);
  BOOST_TEST(bench.wait().signal == SIGINT);
  const auto serial = boost::json::parse(scratch.read_file("out.json")).at("arms").at(0);
  BOOST_REQUIRE(serial.at("samples").as_array().size() == 1U);
  BOOST_REQUIRE(serial.at("samples").at(0).at("position") == 1);
  BOOST_TEST(serial.at("latency_ns").at("file").at("count") == 100);
}

// gnuplot as a test wants it: `script`, with the file that it is given as $1.
struct PlaceWithGnuplot : Place {
  RunOptions with_gnuplot(const std::string& script) const {
    scratch.write_file("bin/gnuplot", "#!/bin/sh\n" + script);
    scratch.set_mode("bin/gnuplot", 0755);
    scratch.make_directory("tmp");
    return {.directory = scratch.path().string(),
            .environment = {{"PATH", (scratch / "bin").string() + ":" + ::getenv("PATH")},
                            {"TMPDIR", (scratch / "tmp").string()}}};
  }
  Words drawn() const {
    return {"bench",  "--runs", "2",      "--count", "5",
            "--size", "0",      "--plot", "a.svg",   directory.string()};
  }
};

BOOST_FIXTURE_TEST_CASE(a_signal_while_a_picture_is_drawn_ends_gnuplot_and_leaves_nothing,
                        PlaceWithGnuplot) {
  const auto options = with_gnuplot(
      "trap 'touch ended; exit' TERM\ncat \"$1\" > script\ntouch drawing\n"
      "while :; do sleep 0.05; done\n");
  Running bench(REAM_PROGRAM, drawn(), options);
  BOOST_REQUIRE(eventually([&] { return scratch.contains("drawing"); }));
  bench.send_signal_to_group(SIGINT);
  BOOST_TEST(bench.wait().signal == SIGINT);
  BOOST_TEST(contains(scratch.read_file("script"), "unset multiplot"));
  BOOST_TEST(scratch.contains("ended"));
  BOOST_TEST(fs::is_empty(scratch / "tmp"));
}

BOOST_FIXTURE_TEST_CASE(a_picture_that_there_is_no_room_to_describe_is_told, PlaceWithGnuplot) {
  auto options = with_gnuplot("touch drawn\n");
  options.before_exec = [] {
    const rlimit least{1000, 1000};
    if (::setrlimit(RLIMIT_FSIZE, &least) != 0) ::_exit(99);
  };
  const auto ended = run_ream(drawn(), options);
  BOOST_TEST(ended.exit_code == 1, ended.err);
  BOOST_TEST(contains(ended.err, "File too large"), ended.err);
  BOOST_TEST(!scratch.contains("drawn"));
  BOOST_TEST(fs::is_empty(scratch / "tmp"));
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
