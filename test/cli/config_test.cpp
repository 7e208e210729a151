// Where options are set besides the command line: a config file, the environment.
#define BOOST_TEST_MODULE config
#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

using Words = std::vector<std::string>;
using Environment = std::map<std::string, std::optional<std::string>>;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// A directory with a config file "c".
class Scene {
 public:
  explicit Scene(const std::string& config) { directory_.write_file("c", config); }

  Ended run(Words words, const Environment& environment = {}) const {
    RunOptions options;
    options.directory = directory_.path().string();
    options.environment = environment;
    return run_ream(words, options);
  }

  // With "c" as its config file.
  Ended with_config(Words words, const Environment& environment = {}) const {
    words.insert(words.begin() + 1, {"--config", "c"});
    return run(words, environment);
  }

  // The lines that set something, of what --print-config prints.
  Words settings(Words words, const Environment& environment = {}) const {
    words.emplace_back("--print-config");
    const auto ended = with_config(words, environment);
    BOOST_TEST(ended.exit_code == 0, ended.err);
    return lines_that_set(ended.out);
  }

  void refuses(Words words, const std::string& expected,
               const Environment& environment = {}) const {
    const auto ended = with_config(words, environment);
    BOOST_TEST_CONTEXT(expected << " in: " << ended.err) {
      BOOST_TEST(ended.exit_code == 2);
      BOOST_TEST(contains(ended.err, expected));
      BOOST_TEST(ended.err.find('\n') == ended.err.size() - 1);
      BOOST_TEST(ended.out == "");
      BOOST_TEST(!directory_.contains("out"));
    }
  }

  static Words lines_that_set(const std::string& text) {
    Words lines;
    boost::split(lines, text, boost::is_any_of("\n"));
    std::erase_if(lines, [](const auto& line) {
      return line.empty() || line.front() == '#' || line.front() == '[';
    });
    return lines;
  }

  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
};

void refused(const std::string& config, const std::string& expected,
             const Words& words = {"generate", "out"}) {
  Scene(config).refuses(words, expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_says_what_the_command_line_does_not) {
  const Scene scene("count = 3\nlist = tree\n\n[generate]\nquiet = yes\n");
  const auto ended = scene.with_config({"generate", "out"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, "└── info3"));
  BOOST_TEST(ended.err == "");
  BOOST_TEST(scene.with_config({"generate", "--count", "2", "--list", "names", "few"}).out ==
             "info1\ninfo2\n");
}

BOOST_AUTO_TEST_CASE(a_section_counts_for_its_command_alone_and_wins_there) {
  const Scene scene("list = tree\n[generate]\nlist = names\ncount = 2\n[ list ]  # comment\n");
  BOOST_TEST(scene.with_config({"generate", "out"}).out == "info1\ninfo2\n");
  BOOST_TEST(contains(scene.with_config({"list", "out"}).out, "└── info2"));
}

BOOST_AUTO_TEST_CASE(general_keys_that_the_command_has_not_are_ignored) {
  const Scene scene("count = 2\nprecision = 3\nquiet = no\n[bench]\nruns = 3\n");
  BOOST_TEST(scene.with_config({"generate", "--list", "names", "out"}).out == "info1\ninfo2\n");
  BOOST_TEST(scene.with_config({"clean", "out"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(flags_are_yes_no_true_or_false) {
  for (const auto& [word, set] : std::map<std::string, bool>{
           {"yes", true}, {"true", true}, {"no", false}, {"false", false}}) {
    const Scene scene("null = " + word + "\ncount = 1\n");
    const auto end = set ? '\0' : '\n';
    BOOST_TEST(scene.with_config({"generate", "out"}).out == std::string("info1") + end);
  }
  refused("null = maybe\n", "c:1: null 'maybe': one of yes, no, true, false is expected");
  refused("null =\n", "c:1: null ''");
  refused("null = flase\n", "did you mean 'false'?");
}

BOOST_AUTO_TEST_CASE(what_no_command_knows_is_refused_with_its_line) {
  refused("\n# comment\ncoutn = 3\n",
          "c:3: 'coutn' is no option of any command; did you mean 'count'?");
  refused("[generate]\nprecision = 3\n", "c:2: 'precision' is no option of 'ream generate'");
  refused("[bench]\nprecison = 3\n", "c:2: 'precison' is no option of 'ream bench'; did you mean");
  refused("j = 3\n", "c:1: 'j' is no option of any command; did you mean 'jobs'?");
  refused("DIR = out\n", "c:1: 'DIR' is no option");
  refused("\n[genrate]\n", "c:2: [genrate]: there is no such command; did you mean 'generate'?");
  refused("[]\n", "c:1: []: there is no such command");
  refused("[generate\n", "c:1: a section begins with");
  refused("count\n", "c:1: 'count' is neither [COMMAND] nor KEY = VALUE");
  refused("count = 1\ncount = 2\n", "c:2: 'count' is set a second time: c:1: the first");
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_the_program_cannot_stand_in_a_file) {
  for (const std::string key : {"config", "print-config", "help"}) {
    refused(key + " = yes\n", "c:1: '" + key + "' has its place on the command line");
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_understood_is_named_with_file_and_line) {
  refused("\ncount = many\n", "c:2: --count 'many': a whole number");
  refused("size = 4Q\n", "c:1: --size '4Q'");
  refused("name = {x}\n", "c:1: --name '{x}'");
  refused("list = wide\n", "c:1: --list 'wide'");
  refused("list = tre\n", "did you mean 'tree'?");
  refused("jobs = 0\n", "c:1: --jobs '0': a whole number from 1 to 4096");
  refused("color = blue\n", "c:1: --color 'blue'", {"clean", "out"});
  refused("[bench]\nfail-if = nothing\n", "c:2: --fail-if", {"bench", "out"});
  refused("stamp-if-changed = yes\n", "c:1: --stamp-if-changed needs --stamp");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_refused) {
  const Scene scene("");
  scene.directory().make_directory("d");
  const std::pair<std::string, std::string> cases[] = {
      {"absent", "--config 'absent': cannot be read: No such file or directory"},
      {"d", "--config 'd': cannot be read: Is a directory"},
      {"/dev/zero", "--config '/dev/zero': is larger than 1 MiB"}};
  for (const auto& [file, expected] : cases) {
    const auto ended = scene.run({"generate", "--config", file, "out"});
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, expected), ended.err);
    BOOST_TEST(!scene.directory().contains("out"));
  }
  refused(std::string("a\0b\n", 4), "c:1: has a NUL byte");
}

BOOST_AUTO_TEST_CASE(options_that_may_be_repeated_may_be_in_a_file_and_give_way_as_a_whole) {
  const Scene scene("[bench]\nagainst = cp -r a {dir}\nagainst = tar x\nfail-if = speedup < 1\n");
  BOOST_TEST(
      scene.settings({"bench"}) == (Words{"against = cp -r a {dir}  # c", "against = tar x  # c",
                                          "fail-if = speedup < 1  # c"}),
      boost::test_tools::per_element());
  BOOST_TEST(scene.settings({"bench", "--against", "true"}) ==
                 (Words{"against = true  # command line", "fail-if = speedup < 1  # c"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_what_excludes_each_other_the_command_line_wins) {
  struct Case {
    std::string config;
    Words words;
    Words settings;
  };
  const Case cases[] = {
      {"serial = yes", {"generate", "-j4"}, {"jobs = 4  # command line"}},
      {"jobs = 4", {"generate", "--serial"}, {"serial = yes  # command line"}},
      {"serial = yes",
       {"generate", "--process-per-file"},
       {"process-per-file = yes  # command line"}},
      {"process-per-file = yes", {"generate", "--serial"}, {"serial = yes  # command line"}},
      {"process-per-file = yes\njobs = 3", {"write", "--serial"}, {"serial = yes  # command line"}},
      {"serial = no", {"generate", "-j4"}, {"jobs = 4  # command line", "serial = no  # c"}},
      {"if-exists = update", {"write", "--atomic", "batch"}, {"atomic = batch  # command line"}},
      {"atomic = batch", {"write", "--if-exists", "skip"}, {"if-exists = skip  # command line"}},
      {"atomic = batch\nif-exists = replace",
       {"write", "--prune"},
       {"prune = yes  # command line"}},
      {"list = tree", {"list", "-0"}, {"null = yes  # command line"}},
      {"null = yes", {"list", "--list", "json"}, {"list = json  # command line"}},
      {"manifest = m", {"bench", "--size", "4K"}, {"size = 4K  # command line"}},
      {"count = 5\nlayout = shared",
       {"bench", "--manifest", "m"},
       {"manifest = m  # command line"}},
      {"runs = 5", {"bench", "--precision", "9"}, {"precision = 9  # command line"}},
      {"quiet = yes", {"write", "--progress", "always"}, {"progress = always  # command line"}},
      {"jobs = 4\n[generate]\nserial = yes", {"generate"}, {"serial = yes  # c"}},
      {"atomic = file\n[write]\natomic = batch",
       {"write", "--if-exists", "update"},
       {"atomic = file  # c", "if-exists = update  # command line"}},
  };
  for (const auto& [config, words, settings] : cases) {
    BOOST_TEST_CONTEXT(config) {
      BOOST_TEST(Scene(config + "\n").settings(words) == settings,
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_file_sets_against_itself_is_refused_with_its_line) {
  refused("jobs = 2\nserial = yes\n", "c:2: --serial and --jobs exclude each other");
  refused("prune = yes\nrecord = r\natomic = batch\nif-exists = replace\n",
          "c:1: --prune does not");
  refused("count = 4\nmanifest = m\n", "c:2: --manifest and --count", {"bench", "out"});
}

BOOST_AUTO_TEST_CASE(the_workers_really_are_those_of_the_command_line) {
  const Scene scene("serial = yes\ncount = 9\nlist = none\n");
  BOOST_TEST(contains(scene.with_config({"generate", "-j2", "two"}).err, "by 2 workers"));
  BOOST_TEST(contains(scene.with_config({"generate", "one"}).err, "in the driver itself"));
  const Scene jobs("jobs = 3\ncount = 9\nlist = none\n");
  BOOST_TEST(contains(jobs.with_config({"generate", "three"}).err, "by 3 workers"));
  BOOST_TEST(contains(jobs.with_config({"generate", "--serial", "s"}).err, "in the driver itself"));
}

BOOST_AUTO_TEST_CASE(the_environment_stands_between_the_command_line_and_the_file) {
  const Scene scene("jobs = 3\nprogress = never\n");
  const Environment environment = {{"REAM_JOBS", "2"}, {"REAM_PROGRESS", "always"}};
  BOOST_TEST(scene.settings({"write"}, environment) ==
                 (Words{"jobs = 2  # REAM_JOBS", "progress = always  # REAM_PROGRESS"}),
             boost::test_tools::per_element());
  BOOST_TEST(scene.settings({"write", "-j4", "--progress", "auto"}, environment) ==
                 (Words{"jobs = 4  # command line", "progress = auto  # command line"}),
             boost::test_tools::per_element());
  BOOST_TEST(scene.settings({"write"}, {{"REAM_JOBS", ""}, {"REAM_PROGRESS", ""}}) ==
                 (Words{"jobs = 3  # c", "progress = never  # c"}),
             boost::test_tools::per_element());
  BOOST_TEST(Scene("serial = yes\n").settings({"write"}, {{"REAM_JOBS", "2"}}) ==
                 (Words{"jobs = 2  # REAM_JOBS"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bad_value_of_the_environment_names_the_variable) {
  const Scene scene("");
  scene.refuses({"generate", "out"}, "ream: REAM_JOBS 'x': a whole number", {{"REAM_JOBS", "x"}});
  scene.refuses({"generate", "out"}, "ream: REAM_PROGRESS 'alwas': one of auto, always, never",
                {{"REAM_PROGRESS", "alwas"}});
  scene.refuses({"bench", "out"}, "did you mean 'always'?", {{"REAM_PROGRESS", "alwas"}});
}

BOOST_AUTO_TEST_CASE(progress_is_shown_where_the_environment_says_so) {
  const Scene scene("list = none\n");
  const Words words = {"generate", "--count", "2000", "out"};
  const std::string erase_line = "\r\x1b[K";
  BOOST_TEST(contains(scene.with_config(words, {{"REAM_PROGRESS", "always"}}).err, erase_line));
  scene.directory().remove("out");
  BOOST_TEST(!contains(scene.with_config(words).err, erase_line));
}

BOOST_AUTO_TEST_CASE(what_is_printed_can_be_read_again) {
  const Scene scene("size = 1K..2K\n[generate]\nfill = \"#\"  # a comment\nlist = tree\n");
  const Words words = {"generate", "--name", " \"p\\#{}\" ", "-k",   "-j3",
                       "--sums",   "",       "--report",     "a = b"};
  auto printed = words;
  printed.emplace_back("--print-config");
  const auto first = scene.with_config(printed, {{"REAM_PROGRESS", "never"}});
  BOOST_TEST(first.exit_code == 0, first.err);
  BOOST_TEST(contains(first.out, "fill = \"#\"  # c\n"), first.out);
  BOOST_TEST(contains(first.out, "name = \" \\\"p\\\\#{}\\\" \"  # command line\n"), first.out);
  scene.directory().write_file("again", first.out);
  const auto second = scene.run({"generate", "--config", "again", "--print-config"});
  const auto without_origins = [](const std::string& text) {
    auto lines = Scene::lines_that_set(text);
    for (auto& line : lines) line.resize(line.rfind("  # "));
    return lines;
  };
  BOOST_TEST(without_origins(first.out).size() == 9U);
  BOOST_TEST(without_origins(second.out) == without_origins(first.out),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_printed_config_writes_the_same_batch) {
  const Scene scene("");
  const Words words = {"generate", "--count", "4", "--size", "9", "--fill", "#", "-q"};
  auto printing = words;
  printing.emplace_back("--print-config");
  scene.directory().write_file("again", scene.run(printing).out);
  const auto ended = scene.run({"generate", "--config", "again", "out"});
  BOOST_TEST(ended.exit_code == 0, ended.err);
  BOOST_TEST(ended.err == "");
  BOOST_TEST(ended.out == "info1\ninfo2\ninfo3\ninfo4\n");
  BOOST_TEST(scene.directory().read_file("out/info4") == "#########");
}

BOOST_AUTO_TEST_CASE(every_command_prints_what_counts_with_defaults_as_comments) {
  const Scene scene("");
  for (const std::string command :
       {"generate", "write", "manifest", "list", "verify", "clean", "bench"}) {
    const auto ended = scene.run({command, "--print-config"});
    BOOST_TEST(ended.exit_code == 0, ended.err);
    BOOST_TEST(ended.out.find("[" + command + "]\n") == 0U);
    BOOST_TEST(contains(ended.out, "\n# color = auto\n"));
    BOOST_TEST(Scene::lines_that_set(ended.out).empty());
    for (const char* other : {"config", "print-config", "help"}) {
      BOOST_TEST(!contains(ended.out, "# " + std::string(other) + " ="));
    }
  }
  const auto generate = scene.run({"generate", "--print-config"}).out;
  for (const char* line : {"# count = 500\n", "# size: its number\n", "# fill = =\n",
                           "# serial = no\n", "# sums =\n"}) {
    BOOST_TEST(contains(generate, line), line);
  }
}

BOOST_AUTO_TEST_CASE(printing_writes_nothing_and_refuses_what_is_wrong) {
  const Scene scene("");
  const auto ended = scene.run({"generate", "--sums", "s", "--print-config", "out"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!scene.directory().contains("out"));
  BOOST_TEST(!scene.directory().contains("s"));
  Scene("coutn = 3\n").refuses({"generate", "--print-config"}, "c:1: 'coutn'");
  scene.refuses({"generate", "--name", "a\nb{}", "--print-config"},
                "--name: the value has a line break");
}

BOOST_AUTO_TEST_CASE(quotes_hold_what_a_line_could_not) {
  refused("fill = \"#\n", "c:1: the value has a quote that is not closed");
  refused("[bench]\nagainst = \"my cp\" -r\n", "c:2: there is more behind the closing quote",
          {"bench", "out"});
  const Scene scene("fill = \"#\"# comment\ncount = 1\nquiet = yes\n");
  BOOST_TEST(scene.with_config({"generate", "out"}).exit_code == 0);
  BOOST_TEST(scene.directory().read_file("out/info1") == "#");
}
