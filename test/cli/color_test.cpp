#define BOOST_TEST_MODULE color
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

using Words = std::vector<std::string>;
using Environment = std::map<std::string, std::optional<std::string>>;

const std::string escape = "\x1b[";

// A directory with something of each colour, listed.
class Scene {
 public:
  Scene() {
    directory_.write_file("d/plain", "");
    directory_.write_file("d/run", "");
    directory_.set_mode("d/run", 0755);
    directory_.make_link("plain", "d/link");
    directory_.write_file("d/sub/x", "");
    directory_.set_mode("d/sub", 0755);
  }

  std::string list(Words words, const Output& out = Captured{},
                   const Environment& environment = {}) const {
    words.insert(words.begin(), "list");
    words.emplace_back("d");
    RunOptions options;
    options.directory = directory_.path().string();
    options.out = out;
    options.environment = {{"TERM", "xterm"}};
    for (const auto& [name, value] : environment) options.environment[name] = value;
    const auto ended = run_ream(words, options);
    BOOST_TEST(ended.exit_code == 0, ended.err);
    return ended.out;
  }

  bool is_colored(const Words& words, const Output& out = Captured{},
                  const Environment& environment = {}) const {
    return list(words, out, environment).find(escape) != std::string::npos;
  }

  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_tree_has_the_colours_of_ls) {
  BOOST_TEST(Scene().list({"--list", "tree", "--color", "always"}) ==
             "\x1b[01;34md\x1b[0m\n"
             "├── \x1b[01;36mlink\x1b[0m -> plain\n"
             "├── plain\n"
             "├── \x1b[01;32mrun\x1b[0m\n"
             "└── \x1b[01;34msub\x1b[0m\n"
             "    └── x\n"
             "\n1 directory, 4 files\n");
}

BOOST_AUTO_TEST_CASE(a_long_listing_has_them_on_its_paths) {
  const auto text = Scene().list({"--list", "long", "--color", "always"});
  for (const char* end : {" \x1b[01;36mlink\x1b[0m -> plain\n", " plain\n",
                          " \x1b[01;32mrun\x1b[0m\n", " \x1b[01;34msub\x1b[0m\n", " sub/x\n"}) {
    BOOST_TEST(text.find(end) != text.npos, end);
  }
}

BOOST_AUTO_TEST_CASE(special_modes_have_their_own_colours) {
  const Scene scene;
  const std::pair<unsigned, const char*> modes[] = {{04755, "37;41"}, {02755, "30;43"}};
  for (const auto& [mode, color] : modes) {
    scene.directory().set_mode("d/run", mode);
    BOOST_TEST(scene.list({"--list", "tree", "--color", "always"}).find(escape + color + "mrun") !=
               std::string::npos);
  }
  const std::pair<unsigned, const char*> of_directories[] = {
      {01777, "30;42"}, {0777, "34;42"}, {01755, "37;44"}};
  for (const auto& [mode, color] : of_directories) {
    scene.directory().set_mode("d/sub", mode);
    BOOST_TEST(scene.list({"--list", "tree", "--color", "always"}).find(escape + color + "msub") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_programs_read_is_never_coloured) {
  const Scene scene;
  for (const Words& words : {Words{"--list", "names"}, Words{"--list", "json"}, Words{"-0"},
                             Words{"--list", "long", "-0"}}) {
    auto with_color = words;
    with_color.insert(with_color.end(), {"--color", "always"});
    BOOST_TEST(!scene.is_colored(with_color));
  }
}

BOOST_AUTO_TEST_CASE(auto_is_a_terminal_that_is_not_dumb) {
  const Scene scene;
  const Words tree = {"--list", "tree"};
  BOOST_TEST(scene.is_colored(tree, Terminal{}));
  BOOST_TEST(!scene.is_colored(tree));
  BOOST_TEST(!scene.is_colored(tree, Terminal{}, {{"TERM", "dumb"}}));
  BOOST_TEST(!scene.is_colored({"--list", "tree", "--color", "never"}, Terminal{}));
}

BOOST_AUTO_TEST_CASE(no_color_goes_before_a_file_and_behind_the_command_line) {
  const Scene scene;
  const Words tree = {"--list", "tree"};
  BOOST_TEST(!scene.is_colored(tree, Terminal{}, {{"NO_COLOR", "1"}}));
  BOOST_TEST(scene.is_colored(tree, Terminal{}, {{"NO_COLOR", ""}}));
  BOOST_TEST(
      scene.is_colored({"--list", "tree", "--color", "always"}, Captured{}, {{"NO_COLOR", "1"}}));
  BOOST_TEST(
      scene.is_colored({"--list", "tree", "--color", "auto"}, Terminal{}, {{"NO_COLOR", "1"}}));
  scene.directory().write_file("c", "color = always\n");
  const Words by_file = {"--list", "tree", "--config", "c"};
  BOOST_TEST(scene.is_colored(by_file));
  BOOST_TEST(!scene.is_colored(by_file, Captured{}, {{"NO_COLOR", "1"}}));
}

BOOST_AUTO_TEST_CASE(the_table_of_bench_and_the_listing_of_a_batch_go_by_it) {
  const TemporaryDirectory directory;
  const auto out_of = [&](Words words, const std::string& when) {
    words.insert(words.end(), {"--color", when});
    return run_ream(words, {.directory = directory.path().string()}).out;
  };
  const Words bench = {"bench", "--runs", "2", "--count", "5", "--jobs", "1", "b"};
  BOOST_TEST(out_of(bench, "always").find(escape) != std::string::npos);
  BOOST_TEST(out_of(bench, "never").find(escape) == std::string::npos);
  const Words generate = {"generate", "--count", "3", "--per-dir", "2", "--list", "tree", "g"};
  BOOST_TEST(out_of(generate, "always").find("\x1b[01;34md1\x1b[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_command_refuses_another_when) {
  for (const std::string command : {"generate", "manifest", "list", "clean", "verify", "bench"}) {
    const auto ended = run_ream({command, "--color", "maybe", "nothing-here"});
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(ended.err.find("--color 'maybe': one of auto, always, never") != std::string::npos);
  }
}
