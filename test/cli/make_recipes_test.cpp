// The recipes in docs/make.md do what the page says, with GNU make and ninja.
#define BOOST_TEST_MODULE make_recipes
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ostream>
#include <thread>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;
namespace fs = boost::filesystem;

namespace {

struct Recipe {
  std::string tool;
  std::string text;

  bool mentions(const std::string& word) const { return text.find(word) != std::string::npos; }
  friend std::ostream& operator<<(std::ostream& out, const Recipe& recipe) {
    return out << recipe.tool << ":\n" << recipe.text;
  }
};

std::string page() {
  fs::ifstream in(REAM_DOCS "/make.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void add_blocks(std::vector<Recipe>& recipes, const std::string& text, const std::string& tool) {
  const auto opening = "\n```" + tool + "\n";
  const std::string closing = "\n```\n";
  for (auto at = text.find(opening); at != text.npos; at = text.find(opening, at)) {
    at += opening.size();
    const auto end = text.find(closing, at);
    recipes.push_back({tool, text.substr(at, end + 1 - at)});
  }
}

std::vector<Recipe> recipes() {
  std::vector<Recipe> found;
  add_blocks(found, page(), "make");
  add_blocks(found, page(), "ninja");
  return found;
}

// A directory with a recipe, and with all that the recipes of the page are made from.
class Project {
 public:
  explicit Project(const Recipe& recipe) : recipe_(recipe) {
    directory.write_file(recipe.tool == "make" ? "Makefile" : "build.ninja", recipe.text);
    directory.write_file("logo.svg", "first");
    write_manifests(usual());
  }

  static std::string usual(const std::string& content = "hello") {
    return R"({"path": "index.html", "content": ")" + content + R"("}
{"path": "logo.svg", "from": "logo.svg"}
)";
  }
  static std::string with_a_page_more() {
    return usual() + "{\"path\": \"more/about.html\", \"content\": \"about\"}\n";
  }
  static std::string with_a_bad_line() { return usual() + "{\"path\": \"../up\"}\n"; }
  static std::string that_fails() {
    return usual("half") + "{\"path\": \"z.html\", \"from\": \"absent\"}\n";
  }

  void write_manifests(const std::string& text) const {
    for (const char* name : {"site.jsonl", "en.jsonl", "de.jsonl"}) change(name, text);
  }

  // By a tick of the files' clock later than all that was written before: make goes by it.
  void change(const std::string& name, const std::string& text) const {
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    directory.write_file(name, text);
  }

  void append_to_recipe(const std::string& line) const {
    change("Makefile", recipe_.text + "\n" + line + "\n");
  }

  Ended run_tool(const std::vector<std::string>& more = {}) const {
    RunOptions options;
    options.directory = directory.path().string();
    options.environment["PATH"] =
        fs::path(REAM_PROGRAM).parent_path().string() + ":" + std::getenv("PATH");
    options.environment["MAKEFLAGS"] = std::nullopt;
    options.environment["MAKELEVEL"] = std::nullopt;
    std::vector<std::string> words = {"-j2"};
    words.insert(words.end(), more.begin(), more.end());
    return run(recipe_.tool, words, options);
  }

  // Silent where all is well: no word of a jobserver that is out of reach, say.
  void check_run(const std::vector<std::string>& more = {}) const {
    const auto ended = run_tool(more);
    BOOST_TEST(ended.exit_code == 0, ended.out << ended.err);
    BOOST_TEST(ended.err == "");
  }

  void check_nothing_is_done() const {
    const auto before = picture();
    check_run();
    BOOST_TEST(picture() == before);
  }

  // Whether one of the files beneath the directory, but the manifests, has this in it.
  bool has_written(const std::string& text) const {
    return !run("grep", {"-rlF", "--exclude=*.jsonl", "--exclude=logo.svg", text,
                         directory.path().string()})
                .out.empty();
  }

  std::string find(const std::string& name) const {
    return run("find", {directory.path().string(), "-path", "*/*/" + name, "-type", "f"}).out;
  }

  std::string time_of(const std::string& name) const {
    return run("stat", {"-c", "%y", (directory / name).string()}).out;
  }

  const TemporaryDirectory directory;

 private:
  // What is there, with its times, but for what the tool writes for itself.
  std::string picture() const {
    const auto all = run("sh", {"-c",
                                "find \"$1\" ! -name '.ninja*' ! -path \"$1\" -printf '%P %i %s "
                                "%T@\\n' | sort",
                                "sh", directory.path().string()});
    return all.out;
  }

  const Recipe recipe_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_page_has_recipes_for_both) {
  std::vector<Recipe> all = recipes();
  BOOST_TEST(all.size() >= 6U);
  BOOST_TEST(all.back().tool == "ninja");
}

BOOST_DATA_TEST_CASE(a_second_run_does_nothing, data::make(recipes()), recipe) {
  const Project project(recipe);
  project.check_run();
  project.check_nothing_is_done();
}

BOOST_DATA_TEST_CASE(beneath_another_make_nothing_else_is_said, data::make(recipes()), recipe) {
  if (recipe.tool != "make") return;
  const Project project(recipe);
  project.directory.write_file("above.mk", "all:\n\t$(MAKE)\n");
  project.check_run({"-f", "above.mk"});
  project.check_nothing_is_done();
}

BOOST_DATA_TEST_CASE(a_make_that_only_shows_what_it_would_do_writes_nothing, data::make(recipes()),
                     recipe) {
  const Project project(recipe);
  project.check_run({"-n"});
  BOOST_TEST(!project.has_written("hello"));
  BOOST_TEST(!project.directory.contains("data"));
}

BOOST_DATA_TEST_CASE(a_changed_manifest_is_written, data::make(recipes()), recipe) {
  if (!recipe.mentions(".jsonl")) return;
  const Project project(recipe);
  project.write_manifests(Project::with_a_page_more());
  project.check_run();
  BOOST_TEST(project.find("about.html") != "");
  project.write_manifests(Project::usual("changed"));
  project.check_run();
  BOOST_TEST(project.has_written("changed"));
  BOOST_TEST(project.find("about.html") == "");
  project.check_nothing_is_done();
}

BOOST_DATA_TEST_CASE(a_changed_source_is_written_where_there_is_a_depfile, data::make(recipes()),
                     recipe) {
  if (!recipe.mentions("--depfile")) return;
  const Project project(recipe);
  project.check_run();
  project.change("logo.svg", "second");
  project.check_run();
  const auto copy = project.directory.contains("site") ? "site/logo.svg" : "de/logo.svg";
  BOOST_TEST(project.directory.read_file(copy) == "second");
  project.check_nothing_is_done();
  // One that is needed no more may go.
  project.write_manifests("{\"path\": \"index.html\", \"content\": \"alone\"}\n");
  project.directory.remove("logo.svg");
  project.check_run();
  BOOST_TEST(!project.directory.contains(copy));
  project.check_nothing_is_done();
}

// As the page says of them, and with what it says to do.
BOOST_DATA_TEST_CASE(a_changed_source_is_written_where_a_line_names_it, data::make(recipes()),
                     recipe) {
  if (!recipe.mentions(".jsonl") || recipe.mentions("--depfile")) return;
  const Project project(recipe);
  project.check_run();
  project.change("logo.svg", "second");
  project.check_nothing_is_done();
  BOOST_TEST(project.directory.read_file("site/logo.svg") == "first");
  project.append_to_recipe(recipe.mentions("&:") ? "$(pages): logo.svg" : "site: logo.svg");
  project.check_run();
  BOOST_TEST(project.directory.read_file("site/logo.svg") == "second");
  project.check_nothing_is_done();
}

BOOST_DATA_TEST_CASE(only_the_grouped_recipe_runs_for_ever_where_a_file_is_to_be_old,
                     data::make(recipes()), recipe) {
  if (!recipe.mentions("$(pages)")) return;
  const Project project(recipe);
  project.write_manifests(R"({"path": "index.html", "content": "hello", "mtime": "1000000000"})"
                          "\n");
  project.check_run();
  const bool grouped = recipe.mentions("&:");
  const auto* output = grouped ? "site.record" : "site.stamp";
  const auto before = project.time_of(output);
  project.check_run();
  BOOST_TEST((project.time_of(output) != before) == grouped);
}

BOOST_DATA_TEST_CASE(a_directory_is_a_target_only_until_it_is_there, data::make(recipes()),
                     recipe) {
  if (!recipe.mentions("$(pages)")) return;
  const Project project(recipe);
  project.append_to_recipe("show: ; @echo $(pages)");
  project.write_manifests(Project::usual() + "{\"path\": \"made\", \"directory\": true}\n");
  BOOST_TEST(project.run_tool({"show"}).out == "site/index.html site/logo.svg site/made\n");
  project.check_run({"site/index.html"});
  BOOST_TEST(project.run_tool({"show"}).out == "site/index.html site/logo.svg\n");
}

BOOST_DATA_TEST_CASE(a_removed_file_is_made_again_by_the_grouped_recipe_alone,
                     data::make(recipes()), recipe) {
  if (!recipe.mentions("$(pages)")) return;
  const Project project(recipe);
  project.check_run();
  project.directory.remove("site/index.html");
  project.run_tool({"site/index.html"});
  BOOST_TEST(project.directory.contains("site/index.html") == recipe.mentions("&:"));
}

BOOST_DATA_TEST_CASE(a_shorter_list_is_noticed_by_the_grouped_recipe_alone, data::make(recipes()),
                     recipe) {
  if (!recipe.mentions("$(pages)")) return;
  const Project project(recipe);
  project.check_run();
  const auto before = project.directory.read_file("sums");
  project.write_manifests("{\"path\": \"index.html\", \"content\": \"hello\"}\n");
  project.check_run();
  BOOST_TEST((project.directory.read_file("sums") != before) == recipe.mentions("&:"));
}

BOOST_DATA_TEST_CASE(a_bad_line_is_never_up_to_date, data::make(recipes()), recipe) {
  if (!recipe.mentions(".jsonl")) return;
  const Project project(recipe);
  for (int round = 0; round < 2; ++round) {  // where nothing was written yet, and after that
    project.write_manifests(Project::with_a_bad_line());
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto ended = project.run_tool();
      BOOST_TEST(ended.exit_code != 0);
      BOOST_TEST((ended.out + ended.err).find(".jsonl:3: ") != std::string::npos);
    }
    project.write_manifests(Project::usual());
    project.check_run();
    project.check_nothing_is_done();
  }
}

BOOST_DATA_TEST_CASE(a_rule_runs_only_where_its_own_file_has_changed, data::make(recipes()),
                     recipe) {
  if (!recipe.mentions("$(pages): site.stamp ;")) return;
  const Project project(recipe);
  project.append_to_recipe("logo.sum: site/logo.svg\n\tcksum $< > $@");
  project.check_run({"logo.sum"});
  const auto before = project.time_of("logo.sum");
  project.write_manifests(Project::usual("changed"));
  project.check_run({"logo.sum"});
  BOOST_TEST(project.time_of("logo.sum") == before);
  BOOST_TEST(project.directory.read_file("site/index.html") == "changed");
  project.change("logo.svg", "second");
  project.check_run({"logo.sum"});
  BOOST_TEST(project.time_of("logo.sum") != before);
}

BOOST_DATA_TEST_CASE(a_run_that_fails_is_not_done, data::make(recipes()), recipe) {
  if (!recipe.mentions(".jsonl")) return;
  const Project project(recipe);
  project.check_run();
  project.write_manifests(Project::that_fails());
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto ended = project.run_tool();
    BOOST_TEST(ended.exit_code != 0);
    BOOST_TEST((ended.out + ended.err).find("absent") != std::string::npos);
    if (recipe.mentions("&:")) BOOST_TEST(!project.has_written("half"));
  }
  project.write_manifests(Project::usual("well"));
  project.check_run();
  BOOST_TEST(project.has_written("well"));
  project.check_nothing_is_done();
}

BOOST_DATA_TEST_CASE(what_depends_on_the_stamp_is_left_alone_where_nothing_was_changed,
                     data::make(recipes()), recipe) {
  if (!recipe.mentions("--stamp-if-changed")) return;
  const Project project(recipe);
  project.check_run();
  const auto tar = project.directory / "site.tar";
  const auto before = run("stat", {"-c", "%y", tar.string()}).out;
  // The same files by other lines.
  project.write_manifests(R"({"path": "logo.svg", "from": "./logo.svg"}
{"path": "index.html", "content": "hello"}
)");
  BOOST_TEST(project.run_tool().out.find("ream write") != std::string::npos);
  BOOST_TEST(run("stat", {"-c", "%y", tar.string()}).out == before);
  BOOST_TEST(project.run_tool().out.find("no work to do") != std::string::npos);
}
