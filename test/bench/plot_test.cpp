#define BOOST_TEST_MODULE plot
#include "bench/plot.hpp"

#include <boost/test/unit_test.hpp>
#include <regex>

#include "support/made_recording.hpp"

using namespace ream;
using namespace ream::bench;
using ream::test::MadeRecording;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Of the data block `name`, wherever it is drawn.
std::string color_of(const std::string& script, const std::string& name) {
  std::smatch match;
  const std::regex drawn("\\$" + name + " using [^,\n]*(?:,|\n)?[^\n]*?linecolor ('#[0-9a-f]+')");
  return std::regex_search(script, match, drawn) ? match[1].str() : "none of " + name;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_command_is_called_as_it_was_written, MadeRecording) {
  add_serial(1);
  add_pooled(1, 1.1);
  add_pooled(2, 0.5);
  add_command("make -j1 out={dir}", 2);
  const auto script = plot_script(recording, "a.svg");
  BOOST_TEST(count(script, "title 'make -j1 out={dir}'") == 2U);
  BOOST_TEST(count(script, "title 'parallel'") == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_arm_has_one_color_in_both_pictures, MadeRecording) {
  add_serial(1);
  add_pooled(1, 1.1);
  add_pooled(2, 0.5);
  const auto lines = plot_script(recording, "a.svg");
  for (const auto* arm : {"0", "1", "2"}) {
    BOOST_TEST(color_of(lines, std::string("rate_0_") + arm) ==
               color_of(lines, std::string("samples_0_") + arm));
  }
  recording.arms.pop_back();
  const auto bars = plot_script(recording, "a.svg");
  BOOST_TEST(color_of(bars, "bar_0_1") == color_of(bars, "samples_0_1"));
  BOOST_TEST(color_of(bars, "bar_0_0") != color_of(bars, "bar_0_1"));
}

BOOST_FIXTURE_TEST_CASE(works_have_panels_and_titles_of_their_own, MadeRecording) {
  recording.works.push_back({20, 1024 * 1024, {}});
  add_serial(1);
  add_serial(3).arm.work = 1;
  const auto script = plot_script(recording, "a.png");
  BOOST_TEST(count(script, "set multiplot layout 2,2") == 1U);
  BOOST_TEST(count(script, "set title '500 files of 4 KiB on tmpfs") == 1U);
  BOOST_TEST(count(script, "set title '20 files of 1 MiB on tmpfs") == 1U);
}

BOOST_FIXTURE_TEST_CASE(long_titles_and_names_are_shortened, MadeRecording) {
  recording.works.front().manifest = "/a/" + std::string(300, 'm');
  add_serial(1);
  add_command(std::string(300, 'c'), 2);
  const auto script = plot_script(recording, "a.png");
  BOOST_TEST(count(script, std::string(90, 'm')) == 0U);
  BOOST_TEST(count(script, std::string(90, 'c')) == 0U);
  BOOST_TEST(count(script, "... on tmpfs, 2 processors, 10 rounds'") == 1U);
}
