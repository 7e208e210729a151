#define BOOST_TEST_MODULE plan_check
#include <boost/test/unit_test.hpp>

#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

namespace {

std::string file(const std::string& path) {
  return R"({"path": ")" + path + "\", \"content\": \"x\"}\n";
}
std::string directory_entry(const std::string& path) {
  return R"({"path": ")" + path + "\", \"directory\": true}\n";
}
std::string link(const std::string& path) {
  return R"({"path": ")" + path + "\", \"symlink\": \"x\"}\n";
}

// What check_plan says of a manifest, from the line's number on; empty where it is good. With one
// worker and with three it must be the same.
std::string verdict(const std::string& text) {
  const TemporaryDirectory directory;
  directory.write_file("m", text);
  const auto plan = open_manifest(directory / "m");
  const auto place = (directory / "m").string();
  std::string said[2];
  for (const unsigned workers : {1U, 3U}) {
    try {
      check_plan(*plan, {.workers = workers});
    } catch (const InputError& error) {
      std::string what = error.what();
      for (auto at = what.find(place); at != what.npos; at = what.find(place)) {
        what.replace(at, place.size(), "m");
      }
      said[workers / 2] = what;
    }
  }
  BOOST_TEST(said[0] == said[1]);
  return said[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(good_plans_pass) {
  BOOST_TEST(verdict(file("a") + file("b")) == "");
  BOOST_TEST(verdict(file("d/a") + directory_entry("d") + file("d/e/f") + directory_entry("d/e")) ==
             "");
  BOOST_TEST(verdict(file("ab") + file("a-b") + file("a/b")) == "");
}

BOOST_AUTO_TEST_CASE(the_first_bad_line_is_named_and_the_others_counted) {
  BOOST_TEST(verdict(file("a") + "{\n" + file("b")).substr(0, 4) == "m:2:");
  const auto two = verdict(file("a") + file("../x") + file("b") + "[]\n");
  BOOST_TEST(two.substr(0, 4) == "m:2:");
  BOOST_TEST(two.find("(and 1 more entry is bad)") != two.npos);
}

BOOST_AUTO_TEST_CASE(a_path_that_is_there_twice_is_refused_with_both_lines) {
  BOOST_TEST(verdict(file("a") + file("b") + file("a")) ==
             "m:3: the path 'a' is given already by m:1");
  BOOST_TEST(verdict(directory_entry("d") + directory_entry("d")) ==
             "m:2: the path 'd' is given already by m:1");
  BOOST_TEST(verdict(directory_entry("d") + file("d")) ==
             "m:2: the path 'd' is given already by m:1");
  BOOST_TEST(verdict(file("d") + link("d")) == "m:2: the path 'd' is given already by m:1");
}

BOOST_AUTO_TEST_CASE(a_file_is_not_also_a_directory_in_either_order) {
  BOOST_TEST(verdict(file("a") + file("a/b")) ==
             "m:2: needs 'a' as a directory, but m:1 makes it something else");
  BOOST_TEST(verdict(file("a/b/c") + file("x") + file("a/b")) ==
             "m:3: makes 'a/b' something else than the directory that m:1 needs");
  BOOST_TEST(verdict(link("a") + file("a/b")) ==
             "m:2: needs 'a' as a directory, but m:1 makes it something else");
}

BOOST_AUTO_TEST_CASE(one_conflict_among_many_lines_is_found_wherever_it_is) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += file("d" + std::to_string(i % 50) + "/f" + std::to_string(i));
  }
  BOOST_TEST(verdict(text) == "");
  BOOST_TEST(verdict(text + file("d7/f7")) == "m:3001: the path 'd7/f7' is given already by m:8");
  BOOST_TEST(verdict(text + file("d49")) ==
             "m:3001: makes 'd49' something else than the directory that m:50 needs");
  BOOST_TEST(verdict(file("d49") + text).substr(0, 5) == "m:51:");
}

BOOST_AUTO_TEST_CASE(name_patterns_that_repeat_a_name_are_found) {
  for (const char* name : {"same", "{:0<5}", "{:1>3}"}) {
    GeneratorOptions options;
    options.name = name;
    const auto plan = make_generator(options);
    BOOST_TEST(!plan->is_known_good());
    BOOST_CHECK_THROW(check_plan(*plan, {.workers = 2}), InputError);
  }
  GeneratorOptions good;
  good.name = "{:x<5}";
  BOOST_CHECK_NO_THROW(check_plan(*make_generator(good), {.workers = 2}));
  GeneratorOptions slash;
  slash.name = "a{:c}b";  // number 47 is a slash: "a/b"
  slash.count = 126;
  BOOST_CHECK_NO_THROW(check_plan(*make_generator(slash), {.workers = 2}));
}
