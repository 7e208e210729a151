#define BOOST_TEST_MODULE generate
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "support/another_user.hpp"
#include "support/mounted_filesystem.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Runs it in `directory`.
Ended ream_in(const TemporaryDirectory& directory, const std::vector<std::string>& arguments) {
  RunOptions options;
  options.directory = directory.path().string();
  return run_ream(arguments, options);
}

std::string equal_signs(std::size_t count) {
  return std::string(count, '=');
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_main_job_writes_500_files_and_lists_them_when_all_are_there) {
  const TemporaryDirectory directory;
  const auto ended = ream_in(directory, {"generate", "out"});
  BOOST_TEST(ended.exit_code == 0);
  auto names = lines_of(ended.out);
  BOOST_TEST(names.size() == 500U);
  BOOST_TEST(std::is_sorted(names.begin(), names.end()));
  for (std::size_t i = 1; i <= 500; ++i) {
    BOOST_REQUIRE(directory.read_file("out/info" + std::to_string(i)) == equal_signs(i));
  }
  BOOST_TEST(ended.err.find("ream: 500 files, 122.3 KiB in ") == 0U);
}

BOOST_AUTO_TEST_CASE(every_placement_gives_the_same_listing) {
  const TemporaryDirectory directory;
  const auto pooled = ream_in(directory, {"generate", "--count", "100", "a"});
  const auto serial = ream_in(directory, {"generate", "--count", "100", "--serial", "b"});
  const auto one_each =
      ream_in(directory, {"generate", "--count", "100", "--process-per-file", "c"});
  const auto many = ream_in(directory, {"generate", "--count", "100", "-j", "32", "d"});
  for (const auto* ended : {&serial, &one_each, &many}) {
    BOOST_TEST(ended->exit_code == 0);
    BOOST_TEST(ended->out == pooled.out);
  }
  BOOST_TEST(serial.err.find("in the driver itself") != std::string::npos);
  BOOST_TEST(many.err.find("by 32 workers") != std::string::npos);
  for (const char* other : {"b", "c", "d"}) {
    BOOST_TEST(
        run("diff", {"-r", (directory / "a").string(), (directory / other).string()}).exit_code ==
        0);
  }
}

BOOST_AUTO_TEST_CASE(sizes_fills_names_and_directories_as_asked_for) {
  const TemporaryDirectory directory;
  const auto ended = ream_in(directory, {"generate", "--count", "7", "--size", "1K", "--fill", "x",
                                         "--name", "p-{:03}.html", "--per-dir", "3", "out"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out ==
             "d1\nd1/p-001.html\nd1/p-002.html\nd1/p-003.html\nd2\nd2/p-004.html\nd2/p-005.html\n"
             "d2/p-006.html\nd3\nd3/p-007.html\n");
  BOOST_TEST(directory.read_file("out/d3/p-007.html") == std::string(1024, 'x'));
}

BOOST_AUTO_TEST_CASE(drawn_contents_depend_on_the_seed_and_not_on_the_workers) {
  const TemporaryDirectory directory;
  for (const char* fill : {"random", "text"}) {
    const std::string name = fill;
    const auto one = [&](const std::string& out, const std::string& seed, const std::string& jobs) {
      BOOST_TEST(ream_in(directory, {"generate", "--count", "60", "--size", "0..20K", "--fill",
                                     fill, "--seed", seed, "-j", jobs, out})
                     .exit_code == 0);
      return (directory / out).string();
    };
    const auto a = one(name + "a", "5", "1");
    const auto b = one(name + "b", "5", "4");
    const auto c = one(name + "c", "6", "4");
    BOOST_TEST(run("diff", {"-r", a, b}).exit_code == 0);
    BOOST_TEST(run("diff", {"-rq", a, c}).exit_code == 1);
  }
  BOOST_TEST(ream_in(directory, {"generate", "--count", "1", "--size", "3", "--fill", "zero", "z"})
                 .exit_code == 0);
  BOOST_TEST(directory.read_file("z/info1") == std::string(3, '\0'));
  BOOST_TEST(ream_in(directory, {"generate", "--count", "4", "--fill", "é", "e"}).exit_code == 0);
  BOOST_TEST(directory.read_file("e/info4") == "éé");
}

BOOST_AUTO_TEST_CASE(only_the_listing_goes_to_standard_output) {
  const TemporaryDirectory directory;
  const auto quiet = ream_in(directory, {"generate", "-q", "--count", "2", "a"});
  BOOST_TEST(quiet.out == "info1\ninfo2\n");
  BOOST_TEST(quiet.err == "");
  const auto none = ream_in(directory, {"generate", "--list", "none", "--count", "2", "b"});
  BOOST_TEST(none.out == "");
  const auto null = ream_in(directory, {"generate", "-0", "--count", "2", "c"});
  BOOST_TEST(null.out == std::string("info1\0info2\0", 12));
  const auto json = ream_in(directory, {"generate", "--list", "json", "--count", "2", "d"});
  BOOST_TEST(boost::json::parse(json.out).as_array().size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_report_is_json_that_says_what_happened) {
  const TemporaryDirectory directory;
  ream_in(directory, {"generate", "--count", "30", "-j", "2", "--report", "report.json", "out"});
  const auto report = boost::json::parse(directory.read_file("report.json"));
  BOOST_TEST(report.at("jobs").as_int64() == 30);
  BOOST_TEST(report.at("files").as_int64() == 30);
  BOOST_TEST(report.at("bytes").as_int64() == 465);
  BOOST_TEST(report.at("failures").as_array().empty());
  BOOST_TEST(report.at("workers").as_array().size() == 2U);
  BOOST_TEST(report.at("seconds").at("write").as_double() > 0);
  ream_in(directory, {"generate", "--count", "30", "--report", "again.json", "out"});
  const auto again = boost::json::parse(directory.read_file("again.json"));
  BOOST_TEST(again.at("files").as_int64() == 0);
  BOOST_TEST(again.at("failures").at(0).at("operation").as_string() == "create");
  BOOST_TEST(again.at("failures").at(0).at("errno").as_int64() == EEXIST);
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_written_is_named_and_ends_with_one) {
  const TemporaryDirectory directory;
  const auto ended =
      ream_in(directory, {"generate", "--count", "3", "--report", "/dev/full", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot write '/dev/full': No space left on device") !=
             std::string::npos);
  BOOST_TEST(directory.contains("out/info3"));
}

BOOST_AUTO_TEST_CASE(files_in_the_way_are_named_and_kept_and_end_with_one) {
  const TemporaryDirectory directory;
  directory.write_file("out/info2", "mine");
  directory.write_file("out/info4", "mine");
  const auto ended = ream_in(directory, {"generate", "--keep-going", "--count", "5", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("ream: cannot create 'info2': File exists\n"
                            "ream: cannot create 'info4': File exists\n") == 0U);
  BOOST_TEST(directory.read_file("out/info2") == "mine");
  BOOST_TEST(
      ended.err.find("ream: nothing was written: 'out' is as it was, since 2 of the 5 files") !=
      std::string::npos);
  BOOST_TEST(ended.out == "info2\ninfo4\n");
}

BOOST_AUTO_TEST_CASE(what_the_first_failure_left_unwritten_is_named) {
  const TemporaryDirectory directory;
  directory.write_file("out/info2/x", "a directory in the way");
  const std::vector<std::string> batch = {"generate", "--if-exists", "replace", "--serial",
                                          "--count",  "5",           "out"};
  const auto stopped = ream_in(directory, batch);
  BOOST_TEST(stopped.exit_code == 1);
  BOOST_TEST(stopped.err.find("cannot create 'info2': Is a directory") != std::string::npos);
  for (const char* name : {"info3", "info4", "info5"}) {
    BOOST_TEST(stopped.err.find("not written: '" + std::string(name) + "'") != std::string::npos);
  }
  BOOST_TEST(directory.read_file("out/info2/x") == "a directory in the way");
}

BOOST_AUTO_TEST_CASE(what_is_there_is_replaced_skipped_or_updated_and_counted) {
  const TemporaryDirectory directory;
  const auto generate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"generate", "--count", "4"});
    more.push_back("out");
    return ream_in(directory, more);
  };
  directory.write_file("out/info2", "==");
  directory.write_file("out/info3", "other");
  BOOST_TEST(generate({"--if-exists", "skip"}).err.find("2 files, 5 B, 2 skipped in ") !=
             std::string::npos);
  BOOST_TEST(directory.read_file("out/info3") == "other");
  BOOST_TEST(generate({"--if-exists", "update"}).err.find("1 file, 3 B, 3 unchanged in ") !=
             std::string::npos);
  BOOST_TEST(directory.read_file("out/info3") == "===");
  BOOST_TEST(generate({"--if-exists", "replace"}).err.find("4 files, 10 B in ") !=
             std::string::npos);
  directory.write_file("out/theirs", "x");
  BOOST_TEST(generate({"--if-exists", "replace", "--atomic", "batch"}).out ==
             "info1\ninfo2\ninfo3\ninfo4\n");
  for (const char* kept : {"skip", "update"}) {
    const auto refused = generate({"--if-exists", kept, "--atomic", "batch"});
    BOOST_TEST(refused.exit_code == 2);
    BOOST_TEST(refused.err.find("--atomic batch replaces DIR as a whole") != std::string::npos);
  }
  const auto full = generate({"--atomic", "batch"});
  BOOST_TEST(full.exit_code == 1);
  BOOST_TEST(full.err.find("cannot publish 'out': it is not empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_directory_without_write_permission_names_its_files) {
  if (::geteuid() != 0) return;  // as root another user is needed, elsewhere it is us
  const TemporaryDirectory directory;
  directory.make_directory("out");
  directory.set_mode(".", 0755);
  RunOptions options;
  options.directory = directory.path().string();
  options.before_exec = become_nobody;
  const auto ended = run_ream({"generate", "-k", "--count", "3", "out"}, options);
  BOOST_TEST(ended.exit_code == 1);
  for (const char* name : {"info1", "info2", "info3"}) {
    BOOST_TEST(ended.err.find("cannot create '" + std::string(name) + "': Permission denied") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named_and_leaves_no_partial_file) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a small filesystem needs root");
    return;
  }
  const TemporaryDirectory directory;
  directory.make_directory("disk");
  const MountedTmpfs disk(directory / "disk", "1m");
  const auto ended = ream_in(directory, {"generate", "-k", "--atomic", "file", "--count", "400",
                                         "--size", "4K", "disk/out"});
  const auto sizes =
      run("find", {(disk.path() / "out").string(), "-type", "f", "!", "-size", "4096c"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("No space left on device") != std::string::npos);
  BOOST_TEST(sizes.exit_code == 0);
  BOOST_TEST(sizes.out == "");  // no partial file
  const auto written = lines_of(ended.out);
  BOOST_TEST(written.size() > 100U);
  BOOST_TEST(written.size() < 400U);
  std::size_t named = 0;
  for (const auto& line : lines_of(ended.err)) {
    named += line.find("ream: cannot ") == 0 && line.find("No space left") != std::string::npos;
  }
  BOOST_TEST(written.size() + named == 400U);
}

BOOST_AUTO_TEST_CASE(progress_is_one_line_on_a_terminal_and_nothing_elsewhere) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  options.err = Terminal{};
  const auto shown = run_ream({"generate", "--count", "3000", "out"}, options);
  BOOST_TEST(shown.err.find("3,000 of 3,000 files, 4.3 MiB") != std::string::npos);
  BOOST_TEST(shown.err.find("\r\x1b[K") != std::string::npos);
  BOOST_TEST(shown.out.find('\x1b') == std::string::npos);
  const auto quiet = run_ream({"generate", "-q", "--count", "3", "q"}, options);
  BOOST_TEST(quiet.err == "");
  const auto never = run_ream({"generate", "--progress", "never", "--count", "3", "n"}, options);
  BOOST_TEST(never.err.find('\x1b') == std::string::npos);
  options.err = Captured{};
  const auto captured = run_ream({"generate", "--count", "3", "c"}, options);
  BOOST_TEST(captured.err.find('\x1b') == std::string::npos);
  const auto always = run_ream({"generate", "--progress", "always", "--count", "3", "a"}, options);
  BOOST_TEST(always.err.find("3 of 3 files") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_umask_decides_the_modes) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  options.before_exec = [] { ::umask(027); };
  const auto ended =
      run_ream({"generate", "--count", "1", "--per-dir", "1", "--list", "long", "out"}, options);
  BOOST_TEST(ended.out.find("drwxr-x---") != std::string::npos);
  BOOST_TEST(ended.out.find("-rw-r-----") != std::string::npos);
}
