// What make and ninja get of a batch: a stamp, and what it depends on.
#define BOOST_TEST_MODULE make
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "support/another_user.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

Ended in(const TemporaryDirectory& directory, const std::string& program, const Words& words) {
  RunOptions options;
  options.directory = directory.path().string();
  options.environment["MAKEFLAGS"] = std::nullopt;
  options.environment["MAKELEVEL"] = std::nullopt;
  return run(program, words, options);
}

Ended ream_in(const TemporaryDirectory& directory, const Words& words) {
  return in(directory, REAM_PROGRAM, words);
}

Ended generate(const TemporaryDirectory& directory, const Words& more) {
  Words words = {"generate", "-q", "--list", "none", "--count", "3", "--if-exists", "update"};
  words.insert(words.end(), more.begin(), more.end());
  words.push_back("out");
  return ream_in(directory, words);
}

const Words update_if_changed = {
    "write", "-q", "--list", "none", "--if-exists", "update", "--stamp", "s", "--stamp-if-changed",
    "m",     "out"};

// To the nanosecond, as a text that BOOST_TEST can show.
std::string time_of(const TemporaryDirectory& directory, const std::string& name) {
  struct stat found {};
  BOOST_REQUIRE(::stat((directory / name).c_str(), &found) == 0);
  return std::to_string(found.st_mtim.tv_sec) + '.' + std::to_string(found.st_mtim.tv_nsec);
}

void make_old(const TemporaryDirectory& directory, const std::string& name) {
  fs::last_write_time(directory / name, 1'000'000'000);
}
constexpr const char* old_time = "1000000000.0";

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

std::string json(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

// Whether `program` runs the rule of stamp, which says so.
bool runs(const TemporaryDirectory& directory, const std::string& program) {
  const auto ended = in(directory, program, {});
  BOOST_TEST(ended.exit_code == 0, program << ": " << ended.out << ended.err);
  return ended.out.find("RUN") != std::string::npos;
}

// 'R', 'S' and so on, as in proc(5).
char state_of(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto end = text.rfind(')');
  return end == text.npos ? '?' : text[end + 2];
}

// The batch has ended: it appears as a whole.
bool is_listing(const TemporaryDirectory& directory) {
  return directory.contains("out") && entries_in(directory.path()) == 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_stamp_is_made_and_touched_and_keeps_what_it_holds) {
  const TemporaryDirectory directory;
  BOOST_TEST(generate(directory, {"--stamp", "s"}).exit_code == 0);
  BOOST_TEST(directory.read_file("s") == "");
  directory.write_file("s", "mine");
  make_old(directory, "s");
  BOOST_TEST(generate(directory, {"--stamp", "s"}).exit_code == 0);
  BOOST_TEST(time_of(directory, "s") != old_time);
  BOOST_TEST(directory.read_file("s") == "mine");
  BOOST_TEST(entries_in(directory.path()) == 2U);
}

BOOST_AUTO_TEST_CASE(a_stamp_is_left_alone_where_something_fails) {
  const TemporaryDirectory directory;
  directory.write_file("s", "");
  make_old(directory, "s");
  directory.write_file("m", R"({"path": "a", "from": "absent"})");
  for (const char* way : {"batch", "file", "none"}) {
    BOOST_TEST(
        ream_in(directory, {"write", "--atomic", way, "--stamp", "s", "--depfile", "d", "m", "out"})
            .exit_code == 1);
  }
  BOOST_TEST(
      ream_in(directory, {"write", "--stamp", "s", "--depfile", "d", "s", "out"}).exit_code ==
      2);  // an empty manifest
  // The files are there, but not all that was asked for.
  BOOST_TEST(generate(directory, {"--report", "/dev/full", "--stamp", "s"}).exit_code == 1);
  RunOptions options;
  options.directory = directory.path().string();
  options.out = BrokenPipe{};
  BOOST_TEST(run_ream({"generate", "--count", "3", "--stamp", "s", "new"}, options).exit_code == 1);
  BOOST_TEST(time_of(directory, "s") == old_time);
  BOOST_TEST(!directory.contains("d"));
  BOOST_TEST(entries_in(directory.path()) == 4U);  // m, s, out, new
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_stopped_leaves_no_stamp_and_no_temporary_file) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  Running running(REAM_PROGRAM,
                  {"generate", "-q", "--serial", "--count", "1000000", "--size", "64K", "--depfile",
                   "d", "--stamp", "s", "out"},
                  options);
  BOOST_REQUIRE(eventually([&] { return entries_in(directory.path()) >= 2; }));
  running.send_signal(SIGINT);
  BOOST_TEST(running.wait().signal == SIGINT);
  BOOST_TEST(entries_in(directory.path()) == 0U);
}

// With names that fill a pipe, which nobody reads.
BOOST_AUTO_TEST_CASE(a_run_that_ends_while_it_lists_leaves_no_temporary_file) {
  const TemporaryDirectory directory;
  RunOptions options;
  options.directory = directory.path().string();
  const auto pipe = (directory / "pipe").string();
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  options.out = File{pipe};
  Running running(REAM_PROGRAM,
                  {"generate", "-q", "--count", "3000", "--name", std::string(200, 'n') + "{}",
                   "--depfile", "d", "--stamp", "s", "out"},
                  options);
  BOOST_REQUIRE(
      eventually([&] { return is_listing(directory) && state_of(running.pid()) == 'S'; }));
  running.send_signal(SIGINT);
  BOOST_TEST(running.wait().signal == SIGINT);
  ::close(reader);
  BOOST_TEST(entries_in(directory.path()) == 2U);  // out, pipe
}

BOOST_AUTO_TEST_CASE(a_stamp_is_not_touched_where_nothing_was_changed_if_it_should_not) {
  const TemporaryDirectory directory;
  const Words words = {"--stamp", "s", "--stamp-if-changed"};
  BOOST_TEST(generate(directory, words).exit_code == 0);
  make_old(directory, "s");
  BOOST_TEST(generate(directory, words).exit_code == 0);
  BOOST_TEST(time_of(directory, "s") == old_time);
  directory.write_file("out/info2", "x");
  BOOST_TEST(generate(directory, words).exit_code == 0);
  BOOST_TEST(time_of(directory, "s") != old_time);
  directory.remove("s");
  BOOST_TEST(generate(directory, words).exit_code == 0);  // absent is not up to date
  BOOST_TEST(directory.contains("s"));
  make_old(directory, "s");
  BOOST_TEST(generate(directory, {"--stamp", "s"}).exit_code == 0);
  BOOST_TEST(time_of(directory, "s") != old_time);
}

BOOST_AUTO_TEST_CASE(what_a_run_changed_before_it_failed_is_a_change_for_the_next) {
  for (const char* way : {"file", "none"}) {
    const TemporaryDirectory directory;
    directory.write_file("m", "{\"path\": \"f\", \"content\": \"1\"}\n");
    BOOST_TEST(ream_in(directory, update_if_changed).exit_code == 0);
    make_old(directory, "s");
    const std::string two = "{\"path\": \"f\", \"content\": \"2\"}\n";
    directory.write_file("m", two + "{\"path\": \"g\", \"from\": \"absent\"}\n");
    auto words = update_if_changed;
    words.insert(words.begin() + 1, {"--serial", "--atomic", way});
    BOOST_TEST(ream_in(directory, words).exit_code == 1);
    BOOST_TEST(directory.read_file("out/f") == "2");
    BOOST_TEST(directory.contains("s.changed"));
    directory.write_file("m", two);
    BOOST_TEST(ream_in(directory, update_if_changed).exit_code == 0);
    BOOST_TEST(time_of(directory, "s") != old_time);
    BOOST_TEST(entries_in(directory.path()) == 3U);  // m, s, out
  }
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_changed_is_a_change_for_the_next) {
  for (const int signal : {SIGKILL, SIGINT}) {
    const TemporaryDirectory directory;
    const Words words = {"--stamp", "s", "--stamp-if-changed", "--atomic", "file", "--serial"};
    BOOST_TEST(generate(directory, words).exit_code == 0);
    make_old(directory, "s");
    directory.write_file("out/info1", "changed by hand");
    RunOptions options;
    options.directory = directory.path().string();
    Words many = {"generate", "-q",      "--list",  "none", "--if-exists",
                  "update",   "--count", "1000000", "out"};
    many.insert(many.begin() + 1, words.begin(), words.end());
    Running running(REAM_PROGRAM, many, options);
    BOOST_REQUIRE(eventually([&] { return directory.read_file("out/info1") == "="; }));
    running.send_signal(signal);
    BOOST_TEST(running.wait().signal == signal);
    BOOST_TEST(time_of(directory, "s") == old_time);
    BOOST_TEST(generate(directory, words).exit_code == 0);
    BOOST_TEST(time_of(directory, "s") != old_time);
    BOOST_TEST(!directory.contains("s.changed"));
  }
}

BOOST_AUTO_TEST_CASE(what_was_changed_without_a_listing_or_a_report_is_a_change_for_the_next) {
  for (const bool with_listing : {true, false}) {
    const TemporaryDirectory directory;
    const Words words = {"--stamp", "s", "--stamp-if-changed"};
    BOOST_TEST(generate(directory, words).exit_code == 0);
    make_old(directory, "s");
    directory.write_file("out/info2", "x");
    RunOptions options;
    options.directory = directory.path().string();
    if (with_listing) options.out = BrokenPipe{};
    Words failing = {"generate", "--count", "3", "--if-exists", "update"};
    failing.insert(failing.end(), words.begin(), words.end());
    if (!with_listing) failing.insert(failing.end(), {"--report", "/dev/full"});
    failing.push_back("out");
    BOOST_TEST(run_ream(failing, options).exit_code == 1);
    BOOST_TEST(time_of(directory, "s") == old_time);
    BOOST_TEST(generate(directory, words).exit_code == 0);
    BOOST_TEST(time_of(directory, "s") != old_time);
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_changes_nothing_leaves_no_mark_of_a_change) {
  const TemporaryDirectory directory;
  directory.write_file("m", "{\"path\": \"f\", \"content\": \"1\"}\n");
  BOOST_TEST(ream_in(directory, update_if_changed).exit_code == 0);
  make_old(directory, "s");
  const auto mark_after = [&](const std::string& manifest, const Words& more, int exit_code) {
    directory.write_file("m", manifest);
    auto words = update_if_changed;
    words.insert(words.end() - 2, more.begin(), more.end());
    BOOST_TEST(ream_in(directory, words).exit_code == exit_code);
    return directory.contains("s.changed");
  };
  const std::string same = "{\"path\": \"f\", \"content\": \"1\"}\n";
  BOOST_TEST(!mark_after(same, {}, 0));
  BOOST_TEST(!mark_after(same + "{\"path\": \"g\", \"from\": \"absent\"}\n", {}, 1));
  BOOST_TEST(!mark_after("bad\n", {}, 2));
  BOOST_TEST(!mark_after(same, {"-n"}, 0));
  directory.make_directory("out/g");
  BOOST_TEST(!mark_after(same + "{\"path\": \"g\", \"content\": \"1\"}\n", {}, 1));
  BOOST_TEST(time_of(directory, "s") == old_time);
  Words fails = {"write", "-q", "--stamp", "s", "--stamp-if-changed", "m", "out"};
  BOOST_TEST(ream_in(directory, fails).exit_code == 1);  // something is in the way
  BOOST_TEST(!directory.contains("s.changed"));
}

BOOST_AUTO_TEST_CASE(a_new_directory_or_link_is_a_change_too) {
  const TemporaryDirectory directory;
  const Words words = update_if_changed;
  directory.write_file("m", "{\"path\": \"f\", \"content\": \"1\"}\n");
  BOOST_TEST(ream_in(directory, words).exit_code == 0);
  for (const char* line :
       {R"({"path": "d", "directory": true})", R"({"path": "l", "symlink": "f"})"}) {
    directory.write_file("m", directory.read_file("m") + line + "\n");
    make_old(directory, "s");
    BOOST_TEST(ream_in(directory, words).exit_code == 0);
    BOOST_TEST(time_of(directory, "s") != old_time, line);
    // A directory from the tick of the clock in which a batch began may be the batch's own.
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    make_old(directory, "s");
    BOOST_TEST(ream_in(directory, words).exit_code == 0);
    BOOST_TEST(time_of(directory, "s") == old_time, line);
  }
}

// Each of them alone, of what is there already.
BOOST_AUTO_TEST_CASE(a_new_attribute_is_a_change_too) {
  const TemporaryDirectory directory;
  const std::string before = R"({"path": "f", "content": "1", "mtime": "1000"}
{"path": "l", "symlink": "f", "mtime": "1000"}
{"path": "d", "directory": true, "mode": "0755", "mtime": "1000"}
)";
  directory.write_file("m", before);
  BOOST_TEST(ream_in(directory, update_if_changed).exit_code == 0);
  const auto touches = [&](const std::string& manifest) {
    directory.write_file("m", manifest);
    make_old(directory, "s");
    BOOST_TEST(ream_in(directory, update_if_changed).exit_code == 0);
    return time_of(directory, "s") != old_time;
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(15));  // as above
  BOOST_TEST(!touches(before));
  for (const auto& [old, made] : {std::pair{R"("1", "mtime": "1000")", R"("1", "mtime": "2000")"},
                                  {R"("f", "mtime": "1000")", R"("f", "mtime": "2000")"},
                                  {R"("0755", "mtime": "1000")", R"("0755", "mtime": "2000")"},
                                  {"0755", "0700"}}) {
    auto after = before;
    after.replace(after.find(old), std::string_view(old).size(), made);
    BOOST_TEST(touches(after), made);
    BOOST_TEST(!touches(after), made);
    BOOST_TEST(touches(before), made);
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_pruned_is_a_change_too) {
  const TemporaryDirectory directory;
  auto words = update_if_changed;
  words.insert(words.end() - 2, "--prune");
  const std::string file = "{\"path\": \"f\", \"content\": \"1\"}\n";
  directory.write_file("m", file + "{\"path\": \"d\", \"directory\": true}\n");
  BOOST_TEST(ream_in(directory, words).exit_code == 0);
  make_old(directory, "s");
  directory.write_file("m", file);
  BOOST_TEST(ream_in(directory, words).exit_code == 0);
  BOOST_TEST(!directory.contains("out/d"));
  BOOST_TEST(time_of(directory, "s") != old_time);
}

BOOST_AUTO_TEST_CASE(the_depfile_names_the_manifest_and_each_source_once) {
  const TemporaryDirectory directory;
  directory.write_file("in/src", "1");
  directory.write_file("in/m", R"({"path": "a", "from": "src"}
{"path": "b", "from": "src"}
{"path": "c", "content": "x"}
{"path": "d", "from": "../other"}
)");
  directory.write_file("other", "2");
  const Words stamped = {"--stamp", "s", "--depfile", "d"};
  BOOST_TEST(
      ream_in(directory, {"write", "--stamp", "s", "--depfile", "d", "in/m", "out"}).exit_code ==
      0);
  BOOST_TEST(directory.read_file("d") ==
             "s: in/m in/src in/../other\n\nin/m:\n\nin/src:\n\nin/../other:\n");
  BOOST_TEST(generate(directory, stamped).exit_code == 0);
  BOOST_TEST(directory.read_file("d") == "s:\n");
  BOOST_TEST(entries_in(directory.path()) == 5U);
}

BOOST_AUTO_TEST_CASE(make_and_ninja_read_every_name_that_is_written) {
  for (const std::string name :
       {"plain", "a b", " a",   "a#b", "#",   "a$b", "$", "$(x)y", "a:b", "a\\b",    "a\\\\b",
        "a%b",   "a~",  "a[1]", "a,b", "a@b", "{a}", "!", "(a)b",  "-a",  "\xc3\xa9"}) {
    BOOST_TEST_CONTEXT(name) {
      const TemporaryDirectory directory;
      directory.write_file("m", "{\"path\": \"x\", \"from\": \"" + json(name) + "\"}");
      directory.write_file(name, "1");
      BOOST_TEST(ream_in(directory, {"write", "-q", "--list", "none", "--stamp", "s p", "--depfile",
                                     "d", "m", "out"})
                     .exit_code == 0);
      directory.write_file("Makefile", "s\\ p:\n\t@touch 's p'; echo RUN\ninclude d\n");
      directory.write_file("build.ninja",
                           "rule r\n  command = touch 's p'; echo RUN\n  depfile = d\n"
                           "build s$ p: r\n");
      for (const char* program : {"make", "ninja"}) {
        BOOST_TEST_CONTEXT(program) {
          directory.remove("s p");
          fs::last_write_time(directory / name, 1'000'000'000);
          BOOST_TEST(runs(directory, program));
          BOOST_TEST(!runs(directory, program));
          fs::last_write_time(directory / name, 2'000'000'000);
          BOOST_TEST(runs(directory, program));
          if (name == "a%b") continue;  // has no line that lets it be absent
          directory.remove(name);
          BOOST_TEST(runs(directory, program));
          directory.write_file(name, "1");
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_without_a_form_is_refused_before_anything_is_written) {
  const TemporaryDirectory directory;
  for (const std::string name : {"a;b", "a\\\\nb", "a=b", "a*", "a?", "a&", "a'"}) {
    const auto source = name == "a\\\\nb" ? "a\\nb" : name;
    directory.write_file("m", "{\"path\": \"x\", \"from\": \"" + source + "\"}");
    const auto ended = ream_in(directory, {"write", "--stamp", "s", "--depfile", "d", "m", "out"});
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(ended.err.find("--depfile: the path 'a") != std::string::npos, ended.err);
  }
  BOOST_TEST(generate(directory, {"--stamp", "s%", "--depfile", "d"}).exit_code == 2);
  BOOST_TEST(entries_in(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_that_make_takes_for_that_of_another_file_is_refused) {
  const TemporaryDirectory directory;
  directory.write_file("m", R"({"path": "x", "from": "a[12]"})");
  directory.write_file("a[12]", "");
  const Words words = {"write", "-q",        "--list", "none", "--stamp",
                       "s",     "--depfile", "d",      "m",    "out"};
  directory.write_file("a2", "");
  const auto ended = ream_in(directory, words);
  BOOST_TEST(ended.exit_code == 2);
  BOOST_TEST(ended.err.find("'a[12]' matches other files") != std::string::npos, ended.err);
  BOOST_TEST(entries_in(directory.path()) == 3U);
  directory.remove("a2");
  BOOST_TEST(ream_in(directory, words).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_this_user_cannot_make_is_told_before_anything_is_written) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("only root can become another user");
    return;
  }
  const TemporaryDirectory directory;
  directory.make_directory("of root");
  directory.make_directory("public");
  directory.set_mode(".", 0755);
  directory.set_mode("public", 0777);
  directory.write_file("public/s", "");  // another's, not to be written
  RunOptions options;
  options.directory = directory.path().string();
  options.before_exec = become_nobody;
  for (const Words& words : {Words{"--stamp", "of root/s"}, Words{"--stamp", "public/s"},
                             Words{"--stamp", "public/t", "--depfile", "of root/d"},
                             Words{"--stamp", "public/t", "--prune", "--record", "of root/r"}}) {
    for (const bool dry : {false, true}) {
      Words all = {"generate", "--list", "none"};
      all.insert(all.end(), words.begin(), words.end());
      if (dry) all.push_back("-n");
      all.push_back("public/out");
      const auto ended = run_ream(all, options);
      BOOST_TEST(ended.exit_code == 1);
      BOOST_TEST(ended.err.find(words.back()) != std::string::npos, ended.err);
      BOOST_TEST(ended.err.find("Permission denied") != std::string::npos, ended.err);
      BOOST_TEST(entries_in(directory / "public") == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(options_that_need_each_other_say_so) {
  const TemporaryDirectory directory;
  for (const Words& words : {Words{"--depfile", "d"}, Words{"--stamp-if-changed"}, Words{"--prune"},
                             Words{"--stamp", "s", "--record", "r"}}) {
    BOOST_TEST(generate(directory, words).exit_code == 2, words.front());
  }
  BOOST_TEST(entries_in(directory.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_made_is_told_before_anything_is_written) {
  const TemporaryDirectory directory;
  directory.make_directory("taken");
  for (const Words& words : {Words{"--stamp", "out/s"}, Words{"--stamp", "out"},
                             Words{"--stamp", "s", "--depfile", "out/d"},
                             Words{"--stamp", "s", "--prune", "--record", "out/r"}}) {
    const auto ended = generate(directory, words);
    BOOST_TEST(ended.exit_code == 2);
    BOOST_TEST(ended.err.find("cannot lie in the directory") != std::string::npos, ended.err);
  }
  for (const Words& words : {Words{"--stamp", "absent/s"}, Words{"--stamp", "taken"},
                             Words{"--stamp", "s", "--depfile", "absent/d"},
                             Words{"--stamp", "s", "--prune", "--record", "absent/r"}}) {
    const auto ended = generate(directory, words);
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(ended.err.find(words.back().substr(0, words.back().find('/'))) != std::string::npos,
               ended.err);
  }
  BOOST_TEST(entries_in(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_written_is_told_before_anything_is_written) {
  const TemporaryDirectory directory;
  directory.make_directory("taken");
  for (const char* report : {"absent/r", "taken"}) {
    const auto ended = generate(directory, {"--report", report});
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(ended.err.find(report) != std::string::npos, ended.err);
    BOOST_TEST(!directory.contains("out"));
  }
  BOOST_TEST(generate(directory, {"--report", "out/r"}).exit_code == 0);
  BOOST_TEST(directory.contains("out/r"));
}

// A stamp that says "done" without a depfile would never be made again.
BOOST_AUTO_TEST_CASE(a_stamp_is_left_alone_where_its_depfile_cannot_be_written) {
  const TemporaryDirectory directory;
  directory.make_directory("deps");
  directory.write_file("s", "");
  make_old(directory, "s");
  RunOptions options;
  options.directory = directory.path().string();
  Running running("sh",
                  {"-c",
                   std::string("\"$0\" generate -q --count 3000 --name ") + std::string(200, 'n') +
                       "{} --depfile deps/d --stamp s out | " +
                       "{ read first; while [ -e deps ]; do sleep 0.01; done; cat >/dev/null; }",
                   REAM_PROGRAM},
                  options);
  BOOST_REQUIRE(eventually([&] { return directory.contains("out"); }));
  directory.remove("deps");
  const auto ended = running.wait();
  BOOST_TEST(ended.err.find("deps") != std::string::npos, ended.err);
  BOOST_TEST(time_of(directory, "s") == old_time);
}

BOOST_AUTO_TEST_CASE(a_file_that_would_take_the_place_of_another_is_refused) {
  const TemporaryDirectory directory;
  const std::string manifest = "{\"path\": \"x\", \"from\": \"in/src\"}\n";
  directory.write_file("m", manifest);
  directory.write_file("in/src", "1");
  directory.make_link("in", "link");
  directory.make_link("m", "m2");
  const auto refused = [&](const Words& files, const std::string& one, const std::string& other) {
    Words words = {"write", "-q", "--list", "none"};
    words.insert(words.end(), files.begin(), files.end());
    words.insert(words.end(), {"m", "out"});
    const auto ended = ream_in(directory, words);
    BOOST_TEST_CONTEXT(ended.err) {
      BOOST_TEST(ended.exit_code == 2);
      BOOST_TEST(ended.err.find(one) != std::string::npos);
      BOOST_TEST(ended.err.find(other) != std::string::npos);
    }
    words.insert(words.begin() + 1, "-n");
    BOOST_TEST(ream_in(directory, words).exit_code == 2);
    BOOST_TEST(directory.read_file("m") == manifest);
    BOOST_TEST(directory.read_file("in/src") == "1");
  };
  for (const char* option : {"--sums", "--report", "--stamp"}) {
    for (const char* name : {"m", "./m", "m2"}) refused({option, name}, option, "MANIFEST 'm'");
  }
  for (const char* option : {"--sums", "--report"}) {
    for (const char* name : {"in/src", "link/src"})
      refused({option, name}, option, "m:1, \"from\"");
  }
  refused({"--prune", "--record", "m"}, "--record", "MANIFEST");
  refused({"--stamp", "s", "--depfile", "m"}, "--depfile", "MANIFEST");
  refused({"--stamp", "s", "--depfile", "./s"}, "--stamp", "--depfile");
  refused({"--stamp", "s", "--prune", "--sums", "s.record"}, "--record", "--sums");
  refused({"--stamp", "s", "--stamp-if-changed", "--sums", "s.changed"}, "--stamp-if-changed",
          "--sums");
  refused({"--sums", "in/x", "--report", "link/x"}, "--sums", "--report");
  directory.write_file("s", "");
  directory.make_link("s", "s2");
  refused({"--stamp", "s", "--report", "s2"}, "--stamp", "--report");
  BOOST_TEST(!directory.contains("out"));
}

BOOST_AUTO_TEST_CASE(an_empty_name_of_a_file_is_no_name) {
  const TemporaryDirectory directory;
  for (const char* option : {"--stamp", "--depfile", "--record", "--sums", "--report"}) {
    const auto ended = generate(directory, {"--stamp", "s", "--prune", option, ""});
    BOOST_TEST(ended.exit_code == 2, option);
    const auto alone = generate(directory, {option, ""});
    BOOST_TEST(alone.exit_code == 2, option);
    BOOST_TEST(alone.err.find(std::string(option) + " ''") != std::string::npos, alone.err);
  }
  BOOST_TEST(entries_in(directory.path()) == 0U);
}
