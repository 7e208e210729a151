#define BOOST_TEST_MODULE table
#include "bench/table.hpp"

#include "bench/gate.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/split.hpp>
#include <boost/test/unit_test.hpp>

#include "bench/cell.hpp"
#include "support/made_recording.hpp"

using namespace ream;
using namespace ream::bench;
using ream::test::MadeRecording;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  boost::split(lines, text, [](char c) { return c == '\n'; });
  return lines;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// Of the table that begins with a line with `heading`, up to the next empty line.
std::vector<std::string> table_with(const std::string& text, const std::string& heading) {
  std::vector<std::string> found;
  for (const auto& line : lines_of(text)) {
    if (!found.empty() && line.empty()) break;
    if (!found.empty() || contains(line, heading)) found.push_back(line);
  }
  return found;
}

void check_that_columns_line_up(const std::vector<std::string>& table, std::size_t rows) {
  BOOST_TEST(table.size() == rows + 1);
  for (const auto& line : table) {
    BOOST_TEST(display_width(line) == display_width(table.front()), line);
  }
}

void measure_calls(ArmRecord& record) {
  record.latency.emplace();
  auto& l = *record.latency;
  for (auto* step : {&l.file, &l.open, &l.write, &l.publish, &l.close}) step->record(1000);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_columns_of_each_table_line_up, MadeRecording) {
  for (const auto* name : {"", "cp -r \xc3\xa9\xe6\x97\xa5 {dir}"}) {
    recording.arms.clear();
    measure_calls(add_serial(0.1));
    measure_calls(add_pooled(2, 0.05));
    if (*name != '\0') add_command(name, 0.1);
    const auto arms = recording.arms.size();
    const auto text = to_table(recording, Color::no);
    check_that_columns_line_up(table_with(text, "per file, µs"), arms);
    check_that_columns_line_up(table_with(text, "phases, ms"), 2);
    auto times = table_with(text, "median ");
    for (auto& line : times) line = line.substr(0, line.find("  █"));  // the bars
    check_that_columns_line_up(times, arms);
  }
}

BOOST_FIXTURE_TEST_CASE(steps_can_be_told_apart_whatever_the_arms_are_called, MadeRecording) {
  recording.latency = Latency::calls;
  measure_calls(add_serial(0.1));
  add({"a name that is much longer than the forty places it is given", 0, Placement::pooled, 2}, 1);
  measure_calls(recording.arms.back());
  const auto table = table_with(to_table(recording, Color::no), "by step, µs");
  check_that_columns_line_up(table, 8);
  for (const auto* step : {" open ", " write ", " publish ", " close "}) {
    const auto rows = std::count_if(table.begin(), table.end(),
                                    [&](const auto& line) { return contains(line, step); });
    BOOST_TEST(rows == 2, step);
  }
}

BOOST_FIXTURE_TEST_CASE(it_is_said_what_was_measured, MadeRecording) {
  add_serial(0.1).arm.sync = Sync::batch;
  add({"parallel", 0, Placement::pooled, 2, {}, Atomic::automatic, Sync::batch}, 0.1);
  BOOST_TEST(contains(to_table(recording, Color::no),
                      "\n500 files of 4 KiB, sync batch, atomic auto; parallel is 2 workers, "
                      "layout shared\n"));
  add_pooled(4, 0.1).arm.atomic = Atomic::file;
  BOOST_TEST(contains(to_table(recording, Color::no),
                      "sync batch or none, atomic auto or file; layout shared\n"));
}

BOOST_FIXTURE_TEST_CASE(it_is_said_that_another_program_may_not_sync, MadeRecording) {
  add_serial(0.1);
  add_command("cp -r a\n{dir}", 0.1);
  BOOST_TEST(!contains(to_table(recording, Color::no), "may not sync"));
  recording.arms.front().arm.sync = Sync::file;
  BOOST_TEST(contains(to_table(recording, Color::no), "note: 'cp -r a {dir}' may not sync"));
}

BOOST_FIXTURE_TEST_CASE(efficiency_is_told_of_arms_with_other_numbers_of_workers, MadeRecording) {
  add_pooled(2, 1);
  add_pooled(8, 0.5);
  add_pooled(2, 0.5);
  add_command("cp", 0.5);
  const auto lines = lines_of(verdicts(recording));
  BOOST_TEST(contains(lines[0], "efficiency 50 % of 8 workers"), lines[0]);
  BOOST_TEST(!contains(lines[1], "efficiency"), lines[1]);
  BOOST_TEST(!contains(lines[2], "efficiency"), lines[2]);
}

BOOST_FIXTURE_TEST_CASE(an_arm_without_a_file_has_no_bar, MadeRecording) {
  add_serial(0.1).files = 0;
  add_pooled(2, 0.1).files = 0;
  BOOST_TEST(!contains(to_table(recording, Color::no), "█"));
}

BOOST_FIXTURE_TEST_CASE(groups_of_arms_are_named_where_there_are_several, MadeRecording) {
  add_pooled(1, 1);
  add_pooled(2, 1);
  const auto one = verdicts(recording);
  BOOST_TEST(contains(one, "\n1 worker: enough, more were not shown to help\n"), one);
  add({"-j1, sync batch", 0, Placement::pooled, 1, {}, Atomic::automatic, Sync::batch}, 2);
  add({"-j2, sync batch", 0, Placement::pooled, 2, {}, Atomic::automatic, Sync::batch}, 1.5);
  const auto two = verdicts(recording);
  BOOST_TEST(contains(two, "\nparallel, 1 worker: enough, more were not shown to help\n"), two);
  BOOST_TEST(contains(two,
                      "\nparallel, sync batch, 2 workers: the best of what was tried, and the "
                      "most\n"),
             two);
}

BOOST_FIXTURE_TEST_CASE(the_noise_of_a_control_is_that_of_the_farther_end, MadeRecording) {
  add_serial(1);
  add_serial(1);
  recording.control = true;
  const double ratios[] = {0.99, 1.04, 0.99, 1.03, 1.0, 1.0, 1.01, 1.04, 0.99, 1.02};
  for (std::size_t i = 0; i < std::size(ratios); ++i) {
    recording.arms[1].samples[i].seconds = recording.arms[0].samples[i].seconds / ratios[i];
  }
  const auto interval = speedup(recording, 1).interval;
  BOOST_REQUIRE(interval.high - 1 > 1 - interval.low);
  const auto noise = fmt::format("differences below {:.1f} % are noise", 100 * (interval.high - 1));
  BOOST_TEST(contains(verdicts(recording), noise), verdicts(recording));
}

BOOST_FIXTURE_TEST_CASE(progress_counts_rounds_that_are_whole_and_always_has_the_interval,
                        MadeRecording) {
  add_serial(1);
  add_pooled(2, 0.5);
  const auto both = progress_text(recording, 0, false);
  BOOST_TEST(contains(both, "serial, round 11: -j2 2.00 [2.00, 2.00]"), both);
  recording.arms[0].samples.push_back(recording.arms[0].samples.front());
  const auto ahead = progress_text(recording, 1, false);
  BOOST_TEST(contains(ahead, "-j2, round 11: -j2 2.00 [2.00, 2.00]"), ahead);
  recording.arms[0].samples.resize(10);
  recording.arms[1].samples.push_back(recording.arms[1].samples.front());
  BOOST_TEST(contains(progress_text(recording, 0, false), "serial, round 11: -j2 2.00"));
}

BOOST_FIXTURE_TEST_CASE(few_rounds_give_no_verdict, MadeRecording) {
  add({"serial", 0, Placement::in_process, 1}, 0.2, 9);
  add({"parallel", 0, Placement::pooled, 2}, 0.1, 9);
  BOOST_TEST(bench::verdicts(recording) == "no verdict: 9 of the 10 rounds that one takes\n");
  BOOST_TEST(bench::failures({bench::parse_gate("speedup > 1")}, recording).empty());
  for (auto& record : recording.arms) record.samples.push_back(record.samples.front());
  BOOST_TEST(bench::verdicts(recording).find("2.00 times faster") != std::string::npos);
  BOOST_TEST(!bench::failures({bench::parse_gate("speedup > 1")}, recording).empty());
}
