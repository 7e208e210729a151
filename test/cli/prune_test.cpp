// --prune removes what earlier runs left, and nothing else.
#define BOOST_TEST_MODULE prune
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "support/another_user.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

std::string file(const std::string& path, const std::string& content = "x") {
  return R"({"path": ")" + path + R"(", "content": ")" + content + "\"}\n";
}

std::string symbolic_link(const std::string& path, const std::string& target) {
  return R"({"path": ")" + path + R"(", "symlink": ")" + target + "\"}\n";
}

std::string made(const std::string& path) {
  return R"({"path": ")" + path + "\", \"directory\": true}\n";
}

// Of the record of Runs.
const std::string heading =
    R"({"ream": "record", "version": 2, "directory": "out", "manifest": "m"})"
    "\n";

// Runs into "out" with the record "r".
class Runs {
 public:
  Ended write(const std::string& manifest, const Words& more = {"--if-exists", "update"}) const {
    directory.write_file("m", manifest);
    Words words = {"write", "-q", "--list", "none", "--prune", "--record", "r"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"m", "out"});
    RunOptions options;
    options.directory = directory.path().string();
    return run_ream(words, options);
  }

  void good(const std::string& manifest, const Words& more = {"--if-exists", "update"}) const {
    const auto ended = write(manifest, more);
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(ended.err == "");
  }

  // Paths in out, a line each.
  std::string listing() const {
    const auto out = (directory / "out").string();
    return run("sh",
               {"-c", "cd \"$1\" && find . -mindepth 1 -printf '%P\\n' | LC_ALL=C sort", "sh", out})
        .out;
  }

  const TemporaryDirectory directory;
};

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_the_manifest_has_no_more_is_removed_and_its_empty_directories) {
  for (const Words& way :
       {Words{}, Words{"--serial"}, Words{"--process-per-file"}, Words{"--atomic", "none"},
        Words{"--sync", "batch", "--atomic", "file"}}) {
    const Runs runs;
    Words words = {"--if-exists", "update"};
    words.insert(words.end(), way.begin(), way.end());
    runs.good(file("a") + file("d/e/f") + file("d/g") + symbolic_link("l", "a") + made("void/deep"),
              words);
    BOOST_TEST(runs.listing() == "a\nd\nd/e\nd/e/f\nd/g\nl\nvoid\nvoid/deep\n");
    runs.good(file("a") + file("d/g"), words);
    BOOST_TEST(runs.listing() == "a\nd\nd/g\n");
    runs.good(file("a"), words);
    BOOST_TEST(runs.listing() == "a\n");
    runs.good(file("b/c"), words);
    BOOST_TEST(runs.listing() == "b\nb/c\n");
    BOOST_TEST(entries_in(runs.directory.path()) == 3U);  // m, out, r
  }
}

BOOST_AUTO_TEST_CASE(what_was_never_written_by_ream_stays_with_its_directories) {
  const Runs runs;
  runs.directory.write_file("out/theirs/f", "x");
  runs.directory.write_file("out/a", "theirs");
  runs.good(file("theirs/mine") + file("made/mine") + file("b"));
  runs.directory.write_file("out/made/theirs", "x");
  runs.good(file("b"));
  BOOST_TEST(runs.listing() == "a\nb\nmade\nmade/theirs\ntheirs\ntheirs/f\n");
  runs.directory.remove("out/theirs/f");
  runs.directory.remove("out/made/theirs");
  runs.good(file("b"));
  BOOST_TEST(runs.listing() == "a\nb\ntheirs\n");  // the other one was made by ream
}

BOOST_AUTO_TEST_CASE(what_was_there_as_the_manifest_wants_it_counts_as_written) {
  const Runs runs;
  runs.directory.write_file("out/a", "x");
  runs.directory.write_file("out/b", "x");
  runs.good(file("a") + file("b"));
  runs.good(file("b"));
  BOOST_TEST(runs.listing() == "b\n");
}

BOOST_AUTO_TEST_CASE(what_was_changed_since_is_kept_and_named) {
  const Runs runs;
  runs.good(file("same-size", "1") + file("longer", "2") + file("link", "3") +
            symbolic_link("l", "a") + file("dir", "4") + file("as-it-was", "5") + file("b"));
  runs.directory.write_file("out/same-size", "!");
  runs.directory.write_file("out/longer", "22");
  runs.directory.write_file("elsewhere", "3");
  runs.directory.remove("out/link");
  runs.directory.make_link("../elsewhere", "out/link");
  runs.directory.remove("out/l");
  runs.directory.make_link("b", "out/l");
  runs.directory.remove("out/dir");
  runs.directory.make_directory("out/dir");
  const auto ended = runs.write(file("b"));
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(runs.listing() == "b\ndir\nl\nlink\nlonger\nsame-size\n");
  BOOST_TEST(runs.directory.read_file("elsewhere") == "3");
  for (const char* kept : {"dir", "l", "link", "longer", "same-size"}) {
    BOOST_TEST(ended.err.find("kept 'out/" + std::string(kept) + "': ") != std::string::npos,
               ended.err);
  }
  BOOST_TEST(std::count(ended.err.begin(), ended.err.end(), '\n') == 5);
  runs.good(file("b"));  // it is somebody else's from then on
}

BOOST_AUTO_TEST_CASE(what_was_in_a_directory_that_is_a_file_now_is_gone) {
  const Runs runs;
  runs.good(file("d/x") + file("b"));
  runs.directory.remove("out/d");
  runs.directory.write_file("out/d", "theirs");
  runs.good(file("b"));  // says nothing
  BOOST_TEST(runs.listing() == "b\nd\n");
}

BOOST_AUTO_TEST_CASE(nothing_outside_and_nothing_behind_a_link_is_removed) {
  const Runs runs;
  runs.good(file("d/f") + file("b"));
  fs::rename(runs.directory / "out/d", runs.directory / "elsewhere");
  runs.directory.make_link("../elsewhere", "out/d");
  const auto ended = runs.write(file("b"));
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err.find("kept 'out/d/f': a symbolic link is in the way") != std::string::npos,
             ended.err);
  BOOST_TEST(runs.directory.contains("elsewhere/f"));
  runs.directory.write_file("victim", "");
  const std::string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const auto absolute = (runs.directory / "victim").string();
  for (const std::string& path :
       {std::string("../victim"), absolute, std::string("d/../../victim")}) {
    runs.directory.write_file("r", heading + "{\"path\": \"" + path +
                                       "\", \"size\": 0, \"sha256\": \"" + empty + "\"}\n");
    const auto refused = runs.write(file("b"));
    BOOST_TEST(refused.exit_code == 2);
    BOOST_TEST(refused.err.find("r:2: the path '" + path + "'") != std::string::npos, refused.err);
    BOOST_TEST(runs.directory.contains("victim"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused_before_anything_is_written) {
  const Runs runs;
  const auto old = heading + "{\"path\": \"a\", \"directory\": true}\n";
  for (const auto& [text, place] :
       {std::pair<std::string, std::string>("", "r: is empty, and no record"),
        {"{\"path\": \"a\", \"content\": \"\"}\n", "r:1: is no record of ream's"},
        {"{\"ream\": \"record\", \"version\": 1}\n", "r:1: is of another version of ream"},
        {old + "x\n", "r:3: "},
        {old + "\n", "r:3: "},
        {old + "{\"path\": \"a\", \"directory\": true}\n", "r:3: has the path 'a' again"},
        {heading + "{\"path\": \"a\", \"size\": 1}\n", "r:2: "}}) {
    runs.directory.write_file("r", text);
    const auto ended = runs.write(file("b"));
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(ended.err.find(place) != std::string::npos, ended.err);
    BOOST_TEST(!runs.directory.contains("out"));
    BOOST_TEST(runs.directory.read_file("r") == text);
  }
}

BOOST_AUTO_TEST_CASE(a_record_of_other_runs_is_refused_and_nothing_of_theirs_is_removed) {
  const Runs runs;
  runs.good(file("a"));
  const auto record = runs.directory.read_file("r");
  const RunOptions here{.in = Text{file("c")}, .directory = runs.directory.path().string()};
  const auto run_with_record = [&](Words words, const Words& source) {
    words.insert(words.end(), {"-q", "--prune", "--record", "r", "--if-exists", "update"});
    words.insert(words.end(), source.begin(), source.end());
    return run_ream(words, here);
  };
  runs.directory.write_file("other", file("b"));
  runs.directory.write_file("elsewhere/a", "x");
  for (const auto& [command, source] : {std::pair<const char*, Words>("write", {"other", "out"}),
                                        {"write", {"m", "elsewhere"}},
                                        {"write", {"-n", "m", "elsewhere"}},
                                        {"write", {"-", "out"}},
                                        {"generate", {"--count", "1", "out"}}}) {
    const auto ended = run_with_record({command}, source);
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(ended.err.find("r:1: is of runs of 'm' into 'out', and this one is of ") !=
                   std::string::npos,
               ended.err);
  }
  BOOST_TEST(runs.listing() == "a\n");
  BOOST_TEST(runs.directory.contains("elsewhere/a"));
  BOOST_TEST(runs.directory.read_file("r") == record);
  // The same by other names.
  const auto absolute = (runs.directory / "m").string();
  runs.directory.write_file("m", file("z"));
  BOOST_TEST(run_with_record({"write"}, {absolute, "./out/"}).exit_code == 0);
  BOOST_TEST(runs.listing() == "z\n");
}

BOOST_AUTO_TEST_CASE(a_record_goes_along_where_all_is_moved) {
  const TemporaryDirectory directory;
  directory.write_file("here/m", file("a"));
  const Words words = {"write", "-q",          "--list", "none", "--prune", "--record",
                       "r",     "--if-exists", "update", "m",    "out"};
  const auto at = [&](const char* name) {
    return RunOptions{.directory = (directory / name).string()};
  };
  BOOST_TEST(run_ream(words, at("here")).exit_code == 0);
  fs::rename(directory / "here", directory / "there");
  directory.write_file("there/m", file("b"));
  BOOST_TEST(run_ream(words, at("there")).exit_code == 0);
  BOOST_TEST(!directory.contains("there/out/a"));
}

BOOST_AUTO_TEST_CASE(nothing_is_removed_for_a_batch_that_fails_and_nothing_is_forgotten) {
  const Runs runs;
  runs.good(file("old/a") + file("b"));
  const auto failing = file("b", "new") + file("c") + "{\"path\": \"d\", \"from\": \"absent\"}\n";
  for (const char* atomic : {"file", "none"}) {
    const auto ended = runs.write(failing, {"-k", "--if-exists", "update", "--atomic", atomic});
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(runs.listing() == "b\nc\nold\nold/a\n");
  }
  runs.good(file("z"));
  BOOST_TEST(runs.listing() == "z\n");
}

BOOST_AUTO_TEST_CASE(what_is_skipped_is_still_reams_if_it_was) {
  const Runs runs;
  runs.directory.write_file("out/theirs", "x");
  const Words skip = {"--if-exists", "skip"};
  runs.good(file("a") + file("theirs"), skip);
  runs.good(file("a") + file("theirs"), skip);
  runs.good(file("b"), skip);
  BOOST_TEST(runs.listing() == "b\ntheirs\n");
}

BOOST_AUTO_TEST_CASE(a_link_that_was_skipped_is_not_reams) {
  const Runs runs;
  runs.directory.make_directory("out");
  fs::create_symlink("target", runs.directory / "out/theirs");
  const Words skip = {"--if-exists", "skip"};
  runs.good(symbolic_link("ours", "target") + symbolic_link("theirs", "target"), skip);
  runs.good(file("b"), skip);
  BOOST_TEST(runs.listing() == "b\ntheirs\n");
}

BOOST_AUTO_TEST_CASE(a_name_that_differs_in_case_only_may_be_the_same_file) {
  // As on a filesystem that takes them for one: a second name of the same file.
  const Runs runs;
  runs.good(file("Readme") + file("D/a") + file("other") + file("\xc3\x89"));
  BOOST_REQUIRE(::link((runs.directory / "out/Readme").c_str(),
                       (runs.directory / "out/README").c_str()) == 0);
  runs.directory.make_directory("out/d");
  BOOST_REQUIRE(
      ::link((runs.directory / "out/D/a").c_str(), (runs.directory / "out/d/A").c_str()) == 0);
  BOOST_REQUIRE(::link((runs.directory / "out/\xc3\x89").c_str(),
                       (runs.directory / "out/\xc3\xa9").c_str()) == 0);
  runs.good(file("README") + file("d/A") + file("OTHER") + file("\xc3\xa9"));
  BOOST_TEST(runs.listing() == "D\nD/a\nOTHER\nREADME\nReadme\nd\nd/A\n\xc3\x89\n\xc3\xa9\n");
}

BOOST_AUTO_TEST_CASE(the_record_lies_beside_the_stamp_and_pruning_touches_it) {
  const Runs runs;
  RunOptions options;
  options.directory = runs.directory.path().string();
  const Words words = {"write",       "-q",     "--list",  "none", "--prune",
                       "--if-exists", "update", "--stamp", "s",    "--stamp-if-changed",
                       "m",           "out"};
  runs.directory.write_file("m", file("a") + file("b"));
  BOOST_TEST(run_ream(words, options).exit_code == 0);
  BOOST_TEST(runs.directory.contains("s.record"));
  fs::last_write_time(runs.directory / "s", 1'000'000'000);
  runs.directory.write_file("m", file("a"));
  BOOST_TEST(run_ream(words, options).exit_code == 0);
  BOOST_TEST(runs.listing() == "a\n");
  BOOST_TEST(fs::last_write_time(runs.directory / "s") > 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_removed_is_told_and_tried_again) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: only root can be somebody else");
    return;
  }
  const Runs runs;
  runs.good(file("locked/a") + file("b"));
  runs.directory.set_mode(".", 0777);
  for (const char* theirs : {"out", "r", "out/b", "m"}) {
    BOOST_REQUIRE(::chown((runs.directory / theirs).c_str(), 65534, 65534) == 0);
  }
  runs.directory.write_file("m", file("b"));
  RunOptions options;
  options.directory = runs.directory.path().string();
  options.before_exec = become_nobody;
  const auto ended = run_ream({"write", "-q", "--list", "none", "--prune", "--stamp", "s",
                               "--record", "r", "--if-exists", "update", "m", "out"},
                              options);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err == "ream: cannot remove 'out/locked/a': Permission denied\n");
  BOOST_TEST(!runs.directory.contains("s"));
  runs.good(file("b"));
  BOOST_TEST(runs.listing() == "b\n");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_replaced_as_a_whole_has_nothing_to_prune) {
  const Runs runs;
  const auto ended = runs.write(file("a"), {"--atomic", "batch", "--if-exists", "replace"});
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(ended.err.find("--prune does not go with") != std::string::npos);
  BOOST_TEST(!runs.directory.contains("r"));
  runs.good(file("a"), {"--atomic", "batch"});  // a fresh one is recorded
  runs.good(file("b"));
  BOOST_TEST(runs.listing() == "b\n");
}

BOOST_AUTO_TEST_CASE(a_run_is_refused_while_another_is_at_work_with_its_record) {
  const Runs runs;
  runs.good(file("a"));
  RunOptions options;
  options.directory = runs.directory.path().string();
  Running first(REAM_PROGRAM,
                {"generate", "-q", "--serial", "--count", "1000000", "--size", "64K", "--prune",
                 "--record", "r2", "big"},
                options);
  // m, r, out, the hidden directory and the new record, each with its lock.
  BOOST_REQUIRE(eventually([&] { return entries_in(runs.directory.path()) == 7; }));
  const Words words = {"generate", "-q", "--list", "none", "--count", "3", "--prune", "--record"};
  const auto generated = [&](const std::string& record) {
    auto all = words;
    all.insert(all.end(), {record, "out2"});
    return run_ream(all, options);
  };
  const auto ended = generated("r2");
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(ended.err ==
             "ream: 'r2': another run is at work with this record: start this one when that has "
             "ended\n");
  BOOST_TEST(!runs.directory.contains("out2"));
  runs.good(file("b"));  // a record of its own
  first.send_signal(SIGINT);
  BOOST_TEST(first.wait().signal == SIGINT);
  BOOST_TEST(generated("r2").exit_code == 0);
  BOOST_TEST(entries_in(runs.directory.path()) == 5U);
}

BOOST_AUTO_TEST_CASE(the_report_tells_of_it) {
  const Runs runs;
  runs.good(file("a") + file("b") + file("c"));
  runs.directory.write_file("out/b", "mine");
  runs.write(file("c"), {"--if-exists", "update", "--report", "report"});
  const auto report = runs.directory.read_file("report");
  BOOST_TEST(report.find("\"removed\":1,\"kept\":[\"kept 'out/b'") != std::string::npos, report);
}
