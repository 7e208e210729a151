// 'ream bench' as a user has it.
#define BOOST_TEST_MODULE bench
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

#include "support/another_user.hpp"
#include "support/fast_place.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
using namespace std::string_literals;
namespace fs = boost::filesystem;
namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

std::string content_of(const fs::path& path) {
  std::ifstream stream(path.native());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// Small and quick: what is measured is not what is tested.
struct Bench {
  TemporaryDirectory scratch{fast_place()};
  fs::path place = scratch / "place";

  Ended run(Words words, const std::string& count = "50", const std::string& runs = "10") {
    Words all = {"bench", "--runs", runs, "--seed", "5"};
    if (!count.empty()) all.insert(all.end(), {"--count", count});
    all.insert(all.end(), words.begin(), words.end());
    all.push_back(place.string());
    return run_ream(all, {.directory = scratch.path().string()});
  }
  json::value recorded(Words words, const std::string& count = "50",
                       const std::string& runs = "10") {
    words.insert(words.end(), {"--json", "out.json"});
    const auto ended = run(std::move(words), count, runs);
    BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
    return json::parse(content_of(scratch / "out.json"));
  }
  // Where it is nobody's, that is: whoever cannot be somebody else is nobody special.
  Ended run_as_nobody(const Words& words) {
    fs::permissions(scratch.path(), fs::all_all);
    return run_ream(words, {.directory = scratch.path().string(), .before_exec = [] {
                              if (::geteuid() != 0) return;
                              become_nobody();
                            }});
  }
  bool nothing_is_left() { return !fs::exists(place); }
};

std::vector<std::string> arm_names(const json::value& recording) {
  std::vector<std::string> names;
  for (const auto& arm : recording.at("arms").as_array()) {
    names.emplace_back(arm.at("name").as_string().c_str());
  }
  return names;
}

void check_names(const json::value& recording, const std::vector<std::string>& expected) {
  const auto names = arm_names(recording);
  BOOST_CHECK_EQUAL_COLLECTIONS(names.begin(), names.end(), expected.begin(), expected.end());
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_default_compares_serial_with_parallel_and_leaves_nothing, Bench) {
  const auto ended = run({});
  BOOST_TEST(ended.exit_code == 0);
  for (const auto* part : {"serial", "parallel", "files/s", "p99.9", "phases, ms", "seed 5",
                           "10 rounds", "against serial"}) {
    BOOST_TEST(contains(ended.out, part), part);
  }
  BOOST_TEST(!contains(ended.out, "\x1b"));  // no terminal, no colour
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(axes_give_an_arm_for_each_combination, Bench) {
  check_names(recorded({"--jobs", "1,2"}), {"serial", "-j1", "-j2"});
  check_names(recorded({"--placement", "pooled,process-per-file", "--jobs", "2"}),
              {"parallel", "process-per-file"});
  check_names(recorded({"--placement", "serial", "--size", "0,4K"}, "20,30"),
              {"serial, 0 B, 20 files", "serial, 0 B, 30 files", "serial, 4 KiB, 20 files",
               "serial, 4 KiB, 30 files"});
  check_names(recorded({"--placement", "serial", "--atomic", "none,file", "--sync", "none,batch"}),
              {"serial, atomic none, sync none", "serial, atomic none, sync batch",
               "serial, atomic file, sync none", "serial, atomic file, sync batch"});
  check_names(recorded({"--placement", "pooled", "--layout", "shared,per-worker,5"}),
              {"parallel, shared", "parallel, per-worker", "parallel, 5"});
}

BOOST_FIXTURE_TEST_CASE(every_round_has_every_arm_once_in_an_order_of_its_own, Bench) {
  const auto recording = recorded({"--jobs", "1,2"}, "50", "8");
  std::vector<std::string> orders(8, "___");
  for (const auto& arm : recording.at("arms").as_array()) {
    BOOST_TEST(arm.at("samples").as_array().size() == 8U);
    for (const auto& sample : arm.at("samples").as_array()) {
      auto& order = orders[sample.at("round").to_number<std::size_t>()];
      order[sample.at("position").to_number<std::size_t>()] = arm.at("name").as_string().back();
    }
  }
  for (std::size_t round = 0; round < 8; round += 2) {  // balanced: an order and its reverse
    BOOST_TEST(orders[round + 1] == std::string(orders[round].rbegin(), orders[round].rend()));
    BOOST_TEST(!contains(orders[round], "_"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_recording_says_what_was_measured_and_where, Bench) {
  const auto recording = recorded({"--latency", "--atomic", "file"});
  BOOST_TEST(recording.at("schema") == "ream-bench");
  BOOST_TEST(recording.at("version") == 1);
  for (const auto* field : {"filesystem", "kernel", "processors", "governor", "load", "version"}) {
    BOOST_TEST(recording.at("environment").as_object().contains(field), field);
  }
  const auto& arm = recording.at("arms").at(0);
  BOOST_TEST(arm.at("files") == 50);
  BOOST_TEST(arm.at("bytes") == 50 * 4096);
  BOOST_TEST(arm.at("latency_ns").at("file").at("count") == 500);  // of three rounds
  BOOST_TEST(arm.at("latency_ns").at("publish").at("count") == 500);
  const auto& sample = arm.at("samples").at(0);
  const auto& phases = sample.at("phases");
  BOOST_TEST(sample.at("seconds").to_number<double>() >= phases.at("write").to_number<double>());
  BOOST_TEST(phases.at("list").to_number<double>() > 0);
}

BOOST_FIXTURE_TEST_CASE(json_and_csv_tell_of_the_same_samples, Bench) {
  const auto recording = recorded({"--csv", "out.csv"});
  std::istringstream lines(content_of(scratch / "out.csv"));
  std::string line;
  std::getline(lines, line);
  BOOST_TEST(line.substr(0, 15) == "arm,work,round,");
  std::size_t rows = 0;
  while (std::getline(lines, line)) ++rows;
  BOOST_TEST(rows == 20U);
  BOOST_TEST(recording.at("arms").as_array().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(another_program_is_compared_where_it_writes_the_same, Bench) {
  const Words generate = {"generate", "--count", "50",
                          "--size",   "4K",      "-q",
                          "--list",   "none",    (scratch / "same").string()};
  BOOST_REQUIRE(run_ream(generate).exit_code == 0);
  const auto same = "cp -r " + (scratch / "same").string() + "/. {dir}";
  check_names(recorded({"--placement", "serial", "--against", same}), {"serial", same});
}

BOOST_FIXTURE_TEST_CASE(other_programs_can_be_compared_with_each_other_alone, Bench) {
  check_names(recorded({"--placement", "none", "--against", "echo > {dir}/a", "--against",
                        "echo > {dir}/b; :"}),
              {"echo > {dir}/a", "echo > {dir}/b; :"});
  BOOST_TEST(run({"--placement", "none"}).exit_code == 2);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_writes_something_else_fails_the_benchmark, Bench) {
  const auto ended = run({"--against", "echo other > {dir}/file"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "wrote 1 files, 6 bytes"));
  BOOST_TEST(contains(ended.err, "50 files, 204800 bytes"));
  BOOST_TEST(ended.out == "");
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(contents_are_compared_not_only_sizes, Bench) {
  const auto ended =
      run({"--size", "3", "--against", "for i in 1 2; do printf =x= > {dir}/$i; done"}, "2");
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "cannot be compared"));
}

BOOST_FIXTURE_TEST_CASE(links_are_compared_too, Bench) {
  const std::string manifest = scratch.path().string() + "/m";
  std::ofstream(manifest) << R"({"path": "f", "content": "x"}
{"path": "l", "symlink": "f"}
)";
  const auto beside = [&](const std::string& command) {
    return run({"--manifest", "m", "--placement", "serial", "--against", command}, "", "2");
  };
  BOOST_TEST(beside("printf x > {dir}/1; ln -s f {dir}/2").exit_code == 0);
  const auto other = beside("printf x > {dir}/1; ln -s g {dir}/2");
  BOOST_TEST(other.exit_code == 1);
  BOOST_TEST(contains(other.err, "1 files, 1 links, 1 bytes"), other.err);
  BOOST_TEST(beside("printf x > {dir}/1").exit_code == 1);
}

BOOST_FIXTURE_TEST_CASE(a_manifest_of_links_alone_leaves_nothing_to_measure, Bench) {
  std::ofstream((scratch / "m").native()) << R"({"path": "l", "symlink": "f"})"
                                          << "\n";
  const auto ended = run({"--manifest", "m"}, "", "2");
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "serial wrote no regular file"), ended.err);
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(what_no_cache_holds_is_said_to_be_warm, Bench) {
  if (::access("/proc/sys/vm/drop_caches", W_OK) != 0) {
    BOOST_TEST_MESSAGE("skipped: caches cannot be dropped here");
    return;
  }
  const auto ended = run({"--cache", "cold", "--placement", "serial"}, "5", "2");
  BOOST_TEST(ended.exit_code == 0, ended.err);
  const bool in_memory = contains(ended.out.substr(0, ended.out.find('\n')), ": tmpfs (");
  BOOST_TEST(contains(ended.out, "makes none of them cold") == in_memory, ended.out);
}

BOOST_FIXTURE_TEST_CASE(who_may_not_drop_the_caches_is_told_so, Bench) {
  const auto ended =
      run_as_nobody({"bench", "--runs", "2", "--count", "5", "--cache", "cold", place.string()});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "/proc/sys/vm/drop_caches"), ended.err);
  BOOST_TEST(contains(ended.err, "Permission denied"), ended.err);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_may_not_be_read_is_told_with_the_reason, Bench) {
  if (::geteuid() != 0) return;  // only root can be somebody else
  const auto ended =
      run_as_nobody({"bench", "--runs", "2", "--count", "5", "--placement", "none", "--against",
                     "echo x > {dir}/shut; chmod 0 {dir}/shut", place.string()});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "/shut': Permission denied"), ended.err);
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(a_command_is_told_the_count_and_the_size, Bench) {
  const auto generate =
      REAM_PROGRAM " generate -q --list none --count {count} --size {size} {dir}"s;
  const auto recording = recorded({"--placement", "serial", "--size", "100", "--against", generate,
                                   "--against", "test {count}-{size} = 30-100; " + generate},
                                  "30");
  BOOST_TEST(recording.at("arms").at(1).at("files") == 30);
  BOOST_TEST(recording.at("arms").at(1).at("bytes") == 3000);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_fails_fails_the_benchmark, Bench) {
  const auto ended = run({"--against", "exit 3  # {dir}"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(contains(ended.err, "exited with 3"));
}

BOOST_FIXTURE_TEST_CASE(a_manifest_is_a_batch_like_any_other, Bench) {
  std::ofstream((scratch / "m").native()) << R"({"path": "a/b", "content": "text"})"
                                          << "\n"
                                          << R"({"path": "c", "fill": "=", "size": 100})"
                                          << "\n";
  const auto recording = recorded({"--manifest", "m"}, "");
  BOOST_TEST(recording.at("arms").at(1).at("files") == 2);
  BOOST_TEST(recording.at("arms").at(1).at("bytes") == 104);
}

BOOST_FIXTURE_TEST_CASE(short_samples_get_more_files_and_it_is_said, Bench) {
  const auto ended = run({"--placement", "serial", "--size", "0"}, "", "1");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, "less than 50 ms"));
}

BOOST_FIXTURE_TEST_CASE(a_control_is_the_same_arm_twice, Bench) {
  check_names(recorded({"--control"}), {"serial", "serial again"});
  BOOST_TEST(contains(run({"--control"}).out, "the same arm twice"));
}

BOOST_FIXTURE_TEST_CASE(a_gate_fails_by_the_whole_interval, Bench) {
  const auto failed = run({"--fail-if", "speedup < 1000"});
  BOOST_TEST(failed.exit_code == 1);
  BOOST_TEST(contains(failed.err, "--fail-if 'speedup < 1000'"));
  BOOST_TEST(run({"--fail-if", "speedup > 1000"}).exit_code == 0);
  BOOST_TEST(run({"--fail-if", "speedup ? 2"}).exit_code == 2);
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(a_suggestion_can_be_pasted, Bench) {
  auto ended = run({"--suggest", "--placement", "pooled", "--jobs", "2", "--layout", "5"});
  BOOST_TEST(ended.out == "-j2 --per-dir 10\n");
  BOOST_TEST(run({"--suggest", "--placement", "serial"}).out == "--serial\n");
}

BOOST_FIXTURE_TEST_CASE(two_recordings_are_compared_arm_by_arm, Bench) {
  recorded({});
  fs::rename(scratch / "out.json", scratch / "old.json");
  recorded({"--jobs", "2"});
  const RunOptions here = {.directory = scratch.path().string()};
  const auto ended = run_ream({"bench", "--compare", "old.json", "out.json"}, here);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.out, "before: "));
  BOOST_TEST(contains(ended.out, "serial"));
  const auto missing = run_ream({"bench", "--compare", "old.json", "none.json"}, here);
  BOOST_TEST(missing.exit_code == 2);
  BOOST_TEST(contains(missing.err, "none.json"));
  std::ofstream((scratch / "bad.json").native()) << "{\"schema\": \"other\"}";
  BOOST_TEST(run_ream({"bench", "--compare", "old.json", "bad.json"}, here).exit_code == 2);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_obeyed_is_refused_before_anything_is_measured, Bench) {
  const std::vector<Words> bad = {
      {"--jobs", "0"},         {"--jobs", "1,,2"},   {"--placement", "parallel"},
      {"--size", "4Q"},        {"--layout", "some"}, {"--precision", "0"},
      {"--time-limit", "-1"},  {"--plot", "a.pdf"},  {"--manifest", "absent"},
      {"--cache", "lukewarm"}, {"--atomic", "all"},  {"--compare"}};
  for (const auto& words : bad) {
    const auto ended = run(words, words.front() == "--manifest" ? "" : "50");
    BOOST_TEST(ended.exit_code == 2, words.front() << ": " << ended.err);
    BOOST_TEST(nothing_is_left());
  }
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_benchmark_shows_what_it_has_and_leaves_nothing, Bench) {
  Running bench(REAM_PROGRAM, {"bench", "--count", "200", "--precision", "0.0001", place.string()});
  BOOST_REQUIRE(eventually([&] { return fs::exists(place); }));
  ::usleep(700'000);
  bench.send_signal(SIGINT);
  const auto ended = bench.wait();
  BOOST_TEST(ended.signal == SIGINT);
  BOOST_TEST(contains(ended.out, "until it was stopped"));
  BOOST_TEST(nothing_is_left());
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_is_there_keeps_what_it_has, Bench) {
  fs::create_directory(place);
  std::ofstream((place / "mine").native()) << "mine";
  BOOST_TEST(run({}).exit_code == 0);
  BOOST_TEST(content_of(place / "mine") == "mine");
  BOOST_TEST(std::distance(fs::directory_iterator(place), fs::directory_iterator()) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_picture_is_drawn_where_gnuplot_is, Bench) {
  const auto ended = run({"--jobs", "1,2", "--plot", "out.svg"});
  if (contains(ended.err, "gnuplot is missing")) {
    BOOST_TEST(ended.exit_code == 2);
  } else {
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(contains(content_of(scratch / "out.svg"), "</svg>"));
    BOOST_TEST(run({"--plot", "out.png"}).exit_code == 0);
    BOOST_TEST(content_of(scratch / "out.png").starts_with("\x89PNG"));
  }
}

BOOST_FIXTURE_TEST_CASE(two_recordings_pass_a_gate_as_one_does, Bench) {
  recorded({"--jobs", "2"});
  const RunOptions here = {.directory = scratch.path().string()};
  const auto compare = [&](Words words) {
    words.insert(words.begin(), {"bench", "--compare", "out.json", "out.json"});
    return run_ream(words, here);
  };
  BOOST_TEST(compare({}).exit_code == 0);
  BOOST_TEST(compare({"--fail-if", "speedup > 1000", "-q"}).exit_code == 0);
  const auto failed = compare({"--fail-if", "speedup < 1000"});
  BOOST_TEST(failed.exit_code == 1);
  BOOST_TEST(contains(failed.err, "parallel: 1.00 ["), failed.err);
  BOOST_TEST(contains(failed.err, "--fail-if 'speedup < 1000'"), failed.err);
  BOOST_TEST(compare({"--fail-if", "efficiency < 1"}).exit_code == 2);
}

BOOST_FIXTURE_TEST_CASE(what_comparing_recordings_cannot_obey_is_refused, Bench) {
  recorded({});
  const RunOptions here = {.directory = scratch.path().string()};
  const std::vector<Words> bad = {{"--json", "a"},     {"--csv", "a"},       {"--plot", "a.svg"},
                                  {"--suggest"},       {"--control"},        {"--jobs", "2"},
                                  {"--runs", "3"},     {"--precision", "3"}, {"--seed", "3"},
                                  {"--cache", "cold"}, {"--latency"},        {"--against", "cp"}};
  for (auto words : bad) {
    words.insert(words.begin(), {"bench", "--compare", "out.json", "out.json"});
    const auto ended = run_ream(words, here);
    BOOST_TEST(ended.exit_code == 2, words[4] << ": " << ended.err);
    BOOST_TEST(contains(ended.err, "--compare measures nothing"), ended.err);
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_with_a_recording_is_told_with_its_name, Bench) {
  recorded({"--placement", "serial"});
  const auto good = content_of(scratch / "out.json");
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto text = good;
    const auto at = text.find(from);
    BOOST_REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
  };
  const std::pair<std::string, std::string> bad[] = {
      {"", "is empty"},
      {"{\"schema\": ", "is no JSON"},
      {"[]", "is no object"},
      {"{\"schema\": \"other\"}", "is no recording"},
      {changed("\"version\":1", "\"version\":2"), "version 2"},
      {changed("\"arms\":", "\"legs\":"), "has no arms"},
      {changed("\"seconds\":", "\"seconds\":-"), "arms[0].samples[0].seconds is -"},
      {changed("\"seconds\":", "\"seconds\":0,\"s\":"), "samples[0].seconds is 0"},
      {changed("\"seconds\":", "\"seconds\":\"x\",\"s\":"), "seconds is no number"},
      {changed("\"files\":50", "\"files\":0"), "files is 0"},
  };
  const RunOptions here = {.directory = scratch.path().string()};
  for (const auto& [content, said] : bad) {
    std::ofstream((scratch / "bad.json").native()) << content;
    const auto ended = run_ream({"bench", "--compare", "out.json", "bad.json"}, here);
    BOOST_TEST(ended.exit_code == 2, said);
    BOOST_TEST(contains(ended.err, "bad.json"), ended.err);
    BOOST_TEST(contains(ended.err, said), said << ": " << ended.err);
    BOOST_TEST(!contains(ended.err, "boost"), ended.err);
  }
  BOOST_TEST(contains(run_ream({"bench", "--compare", ".", "out.json"}, here).err, "directory"));
  BOOST_TEST(
      contains(run_ream({"bench", "--compare", "/dev/null", "out.json"}, here).err, "empty"));
  const auto absent = run_ream({"bench", "--compare", "absent", "out.json"}, here);
  BOOST_TEST(contains(absent.err, "absent"), absent.err);
  BOOST_TEST(contains(absent.err, "No such file"), absent.err);
}

BOOST_FIXTURE_TEST_CASE(a_directory_whose_name_is_no_utf8_gives_valid_json, Bench) {
  place = scratch / "p\xff\xc3(";
  const auto recording = recorded({"--placement", "serial"});
  const std::string directory = recording.at("environment").at("directory").as_string().c_str();
  BOOST_TEST(directory.ends_with("p\xef\xbf\xbd\xef\xbf\xbd("), directory);
}

BOOST_FIXTURE_TEST_CASE(a_gate_with_nothing_to_judge_is_refused, Bench) {
  for (const Words& words : {Words{"--placement", "serial"}, Words{"--placement", "none"}}) {
    auto with_gate = words;
    with_gate.insert(with_gate.end(), {"--fail-if", "speedup < 1"});
    if (words.back() == "none") with_gate.insert(with_gate.end(), {"--against", "echo > {dir}/a"});
    const auto ended = run(with_gate);
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, "one arm only"), ended.err);
  }
  BOOST_TEST(run({"--control", "--fail-if", "speedup < 0.0001"}).exit_code == 0);
  BOOST_TEST(
      run({"--placement", "serial", "--against", "true  # {dir}", "--fail-if", "efficiency < 1"})
          .exit_code == 2);
}

BOOST_FIXTURE_TEST_CASE(a_gate_judges_the_best_arm_alone, Bench) {
  const auto ended = run({"--jobs", "1,2,3", "--fail-if", "speedup < 1000"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(std::count(ended.err.begin(), ended.err.end(), '\n') == 1, ended.err);
}

BOOST_FIXTURE_TEST_CASE(it_is_said_what_a_benchmark_wrote_and_how, Bench) {
  const auto ended = run({"--sync", "batch", "--jobs", "2"});
  BOOST_TEST(contains(ended.out,
                      "50 files of 4 KiB, sync batch, atomic auto; parallel is 2 workers, "
                      "layout shared\n"),
             ended.out);
}

BOOST_FIXTURE_TEST_CASE(commands_that_cannot_be_measured_are_refused, Bench) {
  const std::pair<Words, std::string> bad[] = {
      {{"--against", ""}, "a command that writes into {dir} is expected"},
      {{"--against", "cp -r a b"}, "a command that writes into {dir} is expected"},
      {{"--against", "a {dir}", "--against", "a {dir}"}, "is there twice"}};
  for (const auto& [words, said] : bad) {
    const auto ended = run(words);
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, "--against '"), ended.err);
    BOOST_TEST(contains(ended.err, said), ended.err);
    BOOST_TEST(nothing_is_left());
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_known_of_generated_files_alone_is_refused_beside_a_manifest,
                        Bench) {
  std::ofstream((scratch / "m").native()) << R"({"path": "a", "content": "text"})"
                                          << "\n";
  for (const std::string placeholder : {"{count}", "{size}"}) {
    const auto ended = run({"--manifest", "m", "--against", "make {dir} " + placeholder}, "", "2");
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, placeholder + " is known of generated files"), ended.err);
  }
}

BOOST_FIXTURE_TEST_CASE(an_axis_that_no_arm_obeys_is_refused, Bench) {
  const std::pair<Words, std::string> bad[] = {
      {{"--control", "--jobs", "2"}, "--placement pooled"},
      {{"--placement", "serial", "--jobs", "2"}, "--placement pooled"},
      {{"--placement", "none", "--against", "a {dir}", "--jobs", "2"}, "--placement none"},
      {{"--placement", "none", "--against", "a {dir}", "--layout", "2"}, "--placement none"},
      {{"--placement", "none", "--against", "a {dir}", "--atomic", "file"}, "--placement none"},
      {{"--placement", "none", "--against", "a {dir}", "--sync", "file"}, "--placement none"}};
  for (const auto& [words, said] : bad) {
    const auto ended = run(words);
    BOOST_TEST(ended.exit_code == 2, words.front());
    BOOST_TEST(contains(ended.err, said), ended.err);
  }
  check_names(recorded({"--control", "--placement", "pooled", "--jobs", "2"}),
              {"parallel", "parallel again"});
}

BOOST_FIXTURE_TEST_CASE(a_number_of_workers_from_a_file_is_in_no_ones_way, Bench) {
  std::ofstream((scratch / "conf").native()) << "jobs = 2\n";
  BOOST_TEST(run({"--config", "conf", "--control"}).exit_code == 0);
  BOOST_TEST(run({"--config", "conf", "--placement", "serial"}).exit_code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_control_takes_one_arm_and_says_which, Bench) {
  for (const Words& words :
       {Words{"--jobs", "1,2"}, Words{"--placement", "serial,pooled"},
        Words{"--against", "a {dir}"}, Words{"--sync", "none,file"}, Words{"--suggest"}}) {
    auto control = words;
    control.push_back("--control");
    const auto ended = run(control);
    BOOST_TEST(ended.exit_code == 2, words.front() << ": " << ended.err);
  }
  BOOST_TEST(
      contains(run({"--control", "--placement", "pooled"}).out, "the same arm twice, parallel: "));
}

BOOST_FIXTURE_TEST_CASE(more_directories_than_files_are_refused, Bench) {
  const auto ended = run({"--layout", "51"});
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(contains(ended.err, "--layout 51"), ended.err);
  BOOST_TEST(run({"--layout", "33"}).exit_code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_suggestion_without_an_arm_of_reams_own_is_refused, Bench) {
  const auto ended = run({"--suggest", "--placement", "none", "--against", "echo > {dir}/a"});
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(contains(ended.err, "--suggest"), ended.err);
  const auto alone = run({"--suggest", "--placement", "serial"});
  BOOST_TEST(alone.err == "");
}

BOOST_FIXTURE_TEST_CASE(a_suggestion_for_several_works_is_refused, Bench) {
  for (const Words& words : {Words{"--size", "1K,4K"}, Words{"--count", "10,20"}}) {
    auto several = words;
    several.push_back("--suggest");
    const auto ended = run(several, words.front() == "--count" ? "" : "50");
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(contains(ended.err, words.front() + " has several values"), ended.err);
  }
}

BOOST_FIXTURE_TEST_CASE(a_suggestion_by_few_rounds_is_said_to_be_a_guess, Bench) {
  const auto ended = run({"--suggest"}, "50", "9");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(contains(ended.err, "9 of the 10 rounds that it takes"), ended.err);
}

BOOST_FIXTURE_TEST_CASE(a_recording_of_few_rounds_has_no_verdict, Bench) {
  const auto verdict = [&](const std::string& runs) {
    return recorded({}, "50", runs).at("results").at(0).at("verdict");
  };
  BOOST_TEST(verdict("9").is_null());
  BOOST_TEST(verdict("10").is_string());
}

BOOST_FIXTURE_TEST_CASE(a_gate_that_could_not_judge_is_refused_or_named, Bench) {
  const auto refused = run({"--fail-if", "speedup < 1000"}, "50", "9");
  BOOST_TEST(refused.exit_code == 2);
  BOOST_TEST(contains(refused.err, "--runs 9: --fail-if judges by 10 rounds or more"), refused.err);
  BOOST_TEST(nothing_is_left());

  const RunOptions here = {.directory = scratch.path().string()};
  const auto named = run_ream({"bench", "--time-limit", "0.0001", "--count", "5", "--fail-if",
                               "speedup < 1000", place.string()},
                              here);
  BOOST_TEST(named.exit_code == 0);
  BOOST_TEST(
      contains(named.err,
               "--fail-if 'speedup < 1000' was not judged: 2 of the 10 rounds that it takes"),
      named.err);

  recorded({"--placement", "serial"}, "50", "9");
  const auto compared =
      run_ream({"bench", "--compare", "out.json", "out.json", "--fail-if", "speedup < 1000"}, here);
  BOOST_TEST(compared.exit_code == 0);
  BOOST_TEST(contains(compared.err, "was not judged of serial: 9 of the 10"), compared.err);
}

BOOST_FIXTURE_TEST_CASE(a_time_limit_ends_on_a_whole_pair_of_rounds, Bench) {
  const RunOptions here = {.directory = scratch.path().string()};
  run_ream(
      {"bench", "--time-limit", "0.0001", "--count", "5", "--json", "out.json", place.string()},
      here);
  const auto recording = json::parse(content_of(scratch / "out.json"));
  BOOST_TEST(recording.at("end") == "time-limit");
  for (const auto& arm : recording.at("arms").as_array()) {
    BOOST_TEST(arm.at("samples").as_array().size() == 2U);
  }
}

BOOST_FIXTURE_TEST_CASE(a_recording_says_how_sure_its_intervals_are_and_why_it_ended, Bench) {
  const auto check = [](const json::value& recording, const char* end, double confidence) {
    BOOST_TEST(recording.at("end").as_string() == end);
    BOOST_TEST(recording.at("confidence").to_number<double>() == confidence);
  };
  check(recorded({}, "5", "10"), "runs", 0.967);
  check(recorded({}, "5", "20"), "runs", 0.957);
  check(recorded({}, "5", "40"), "runs", 0.95);
  run_ream({"bench", "--precision", "100000", "--count", "5", "--json", "out.json", place.string()},
           {.directory = scratch.path().string()});
  const auto precise = json::parse(content_of(scratch / "out.json"));
  check(precise, "precise", 0.973);
  BOOST_TEST(precise.at("arms").at(0).at("samples").as_array().size() == 10U);
  BOOST_TEST(precise.at("precision").to_number<double>() == 1000);
}

BOOST_FIXTURE_TEST_CASE(a_recording_says_what_was_timed, Bench) {
  BOOST_TEST(recorded({}, "5", "2").at("latency") == "files");
  fs::rename(scratch / "out.json", scratch / "old.json");
  BOOST_TEST(recorded({"--latency"}, "5", "2").at("latency") == "calls");
  const RunOptions here = {.directory = scratch.path().string()};
  const auto compared = run_ream({"bench", "--compare", "old.json", "out.json"}, here);
  BOOST_TEST(contains(compared.out, "(--latency) differs: files before, calls after"),
             compared.out);

  auto text = content_of(scratch / "old.json");
  const std::string field = "\"latency\":\"files\",";
  BOOST_REQUIRE(contains(text, field));
  std::ofstream((scratch / "old.json").native()) << text.erase(text.find(field), field.size());
  const auto with_older = run_ream({"bench", "--compare", "old.json", "out.json"}, here);
  BOOST_TEST(with_older.exit_code == 0, with_older.err);
  BOOST_TEST(!contains(with_older.out, "--latency"), with_older.out);
}

BOOST_FIXTURE_TEST_CASE(what_was_not_asked_of_another_program_is_null, Bench) {
  const auto recording = recorded({"--placement", "serial", "--size", "0", "--against",
                                   "for i in 1 2 3; do : > {dir}/$i; done"},
                                  "3", "2");
  for (const auto* field : {"placement", "workers", "layout", "atomic", "sync", "latency_ns"}) {
    BOOST_TEST(!recording.at("arms").at(0).at(field).is_null(), field);
    BOOST_TEST(recording.at("arms").at(1).at(field).is_null(), field);
  }
  const auto compared = run_ream({"bench", "--compare", "out.json", "out.json"},
                                 {.directory = scratch.path().string()});
  BOOST_TEST(compared.exit_code == 0);
  BOOST_TEST(!contains(compared.out, "not compared"), compared.out);
}
