#define BOOST_TEST_MODULE if_exists
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <thread>

#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "ream/process.hpp"
#include "support/mounted_filesystem.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
namespace fs = boost::filesystem;

namespace ream {
std::ostream& operator<<(std::ostream& out, Atomic atomic) {
  return out << static_cast<int>(atomic);
}
std::ostream& operator<<(std::ostream& out, IfExists if_exists) {
  return out << static_cast<int>(if_exists);
}
}  // namespace ream

namespace {

const auto into_what_is_there = {Atomic::automatic, Atomic::file, Atomic::none};
const auto what_replaces = {IfExists::replace, IfExists::update};

Report write(const TemporaryDirectory& directory, const std::string& text, IfExists if_exists,
             Atomic atomic = Atomic::automatic) {
  directory.write_file("manifest", text);
  WriteOptions options;
  options.workers = 2;
  options.if_exists = if_exists;
  options.atomic = atomic;
  options.keep_going = true;
  return write_batch(*open_manifest(directory / "manifest"), directory / "out", options);
}

std::string file_line(const std::string& path, const std::string& content,
                      const std::string& more = "") {
  return R"({"path": ")" + path + R"(", "content": ")" + content + "\"" + more + "}\n";
}

std::string link_line(const std::string& path, const std::string& target) {
  return R"({"path": ")" + path + R"(", "symlink": ")" + target + "\"}\n";
}

struct stat status_of(const TemporaryDirectory& directory, const std::string& name) {
  struct stat found {};
  BOOST_REQUIRE(::lstat((directory / name).c_str(), &found) == 0);
  return found;
}

bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

void make_old(const TemporaryDirectory& directory, const std::string& name) {
  const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  BOOST_REQUIRE(::utimensat(AT_FDCWD, (directory / name).c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

std::size_t hidden_in(const fs::path& path) {
  std::size_t hidden = 0;
  for (const auto& entry : fs::directory_iterator(path)) {
    hidden += entry.path().filename().native().starts_with(".");
  }
  return hidden;
}

}  // namespace

BOOST_DATA_TEST_CASE(fail_names_all_that_is_in_the_way_and_touches_nothing, into_what_is_there,
                     kind) {
  const TemporaryDirectory directory;
  directory.write_file("out/file", "mine");
  directory.write_file("out/not-a-directory", "mine");
  directory.make_directory("out/directory");
  directory.make_directory("out/there");
  directory.make_link("nowhere", "out/link");
  BOOST_REQUIRE(::mkfifo((directory / "out/fifo").c_str(), 0600) == 0);
  const auto report = write(directory,
                            file_line("new", "x") + file_line("file", "mine") +
                                file_line("link", "x") + file_line("fifo", "x") +
                                link_line("directory", "x") + file_line("not-a-directory/x", "x") +
                                file_line("new-directory/x", "x") + file_line("there/new", "x"),
                            IfExists::fail, kind);
  BOOST_TEST(report.obstructed);
  std::vector<std::string> named;
  for (const auto& failure : report.failures) named.push_back(failure.path);
  const std::vector<std::string> wanted = {"file", "link", "fifo", "directory",
                                           "not-a-directory/x"};
  BOOST_TEST(named == wanted, boost::test_tools::per_element());
  BOOST_TEST(directory.read_file("out/file") == "mine");
  BOOST_TEST(fs::is_empty(directory / "out/there"));
  BOOST_TEST(!directory.contains("out/new"));
  BOOST_TEST(!directory.contains("out/new-directory"));
  BOOST_TEST(hidden_in(directory / "out") + hidden_in(directory.path()) == 0U);
}

BOOST_DATA_TEST_CASE(directories_that_are_there_are_in_nobodys_way,
                     (std::vector{IfExists::fail, IfExists::replace, IfExists::skip,
                                  IfExists::update}),
                     if_exists) {
  const TemporaryDirectory directory;
  directory.make_directory("out/a/b");
  const auto report =
      write(directory, file_line("a/b/c", "x") + R"({"path": "a", "directory": true})", if_exists);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.files == 1U);
  BOOST_TEST(report.directories == 1U);
}

BOOST_DATA_TEST_CASE(what_replaces_leaves_other_names_of_the_old_file_alone,
                     boost::unit_test::data::make(into_what_is_there) *
                         boost::unit_test::data::make(what_replaces),
                     kind, if_exists) {
  const TemporaryDirectory directory;
  directory.write_file("outside", "theirs");
  directory.make_directory("out");
  fs::create_hard_link(directory / "outside", directory / "out/hard");
  directory.make_link("../outside", "out/soft");
  make_old(directory, "outside");
  BOOST_REQUIRE(::mkfifo((directory / "out/fifo").c_str(), 0600) == 0);
  const auto before = status_of(directory, "outside");
  const auto report = write(directory,
                            file_line("hard", "mine") + file_line("soft", "mine") +
                                file_line("fifo", "mine") + file_line("new", "mine"),
                            if_exists, kind);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.files == 4U);
  for (const char* name : {"out/hard", "out/soft", "out/fifo", "out/new"}) {
    BOOST_TEST(directory.read_file(name) == "mine");
    BOOST_TEST(S_ISREG(status_of(directory, name).st_mode));
  }
  BOOST_TEST(directory.read_file("outside") == "theirs");
  BOOST_TEST(is_same_file(status_of(directory, "outside"), before));
  BOOST_TEST(hidden_in(directory / "out") + hidden_in(directory.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_time_is_not_set_through_a_name_that_a_file_outside_shares) {
  const TemporaryDirectory directory;
  directory.write_file("outside", "x");
  directory.make_directory("out");
  fs::create_hard_link(directory / "outside", directory / "out/a");
  make_old(directory, "outside");
  const auto before = status_of(directory, "outside");
  const auto report =
      write(directory, file_line("a", "x", R"(, "mtime": "1234567890")"), IfExists::update);
  BOOST_TEST(report.files == 1U);
  BOOST_TEST(status_of(directory, "out/a").st_mtim.tv_sec == 1234567890);
  BOOST_TEST(is_same_file(status_of(directory, "outside"), before));
}

BOOST_DATA_TEST_CASE(a_directory_in_the_way_of_a_file_is_never_removed,
                     boost::unit_test::data::make(into_what_is_there) *
                         boost::unit_test::data::make(what_replaces),
                     kind, if_exists) {
  const TemporaryDirectory directory;
  directory.make_directory("out/a");
  directory.make_directory("out/l");
  const auto report = write(
      directory, file_line("a", "x") + link_line("l", "x") + file_line("b", "x"), if_exists, kind);
  BOOST_TEST(report.failures.size() == 2U);
  BOOST_TEST(report.files == 1U);
  BOOST_TEST(fs::is_directory(directory / "out/a"));
  BOOST_TEST(fs::is_directory(directory / "out/l"));
  BOOST_TEST(hidden_in(directory / "out") == 0U);
}

BOOST_DATA_TEST_CASE(skip_leaves_whatever_is_there, into_what_is_there, kind) {
  const TemporaryDirectory directory;
  directory.write_file("out/file", "theirs");
  directory.make_directory("out/directory");
  directory.make_link("nowhere", "out/link");
  directory.make_directory("out/closed");
  directory.set_mode("out/closed", 0750);
  make_old(directory, "out/file");
  const auto before = status_of(directory, "out/file");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // ticks of the clock of files
  const auto report =
      write(directory,
            file_line("file", "mine", R"(, "mode": "0600", "mtime": "1234567890")") +
                file_line("directory", "x") + link_line("link", "x") + link_line("file-link", "x") +
                file_line("new", "x") + R"({"path": "closed", "directory": true, "mode": "0700"})",
            IfExists::skip, kind);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.skipped == 3U);
  BOOST_TEST(report.files == 1U);
  BOOST_TEST(report.links == 1U);
  BOOST_TEST(is_same_file(status_of(directory, "out/file"), before));
  BOOST_TEST(fs::read_symlink(directory / "out/link") == "nowhere");
  BOOST_TEST((status_of(directory, "out/closed").st_mode & 0777U) == 0750U);
}

BOOST_DATA_TEST_CASE(update_rewrites_what_differs_and_keeps_the_rest, into_what_is_there, kind) {
  const TemporaryDirectory directory;
  for (const char* name : {"same", "same-mode", "content", "size", "longer", "mode", "time"}) {
    directory.write_file("out/" + std::string(name), "1234");
    directory.set_mode("out/" + std::string(name), 0640);
    make_old(directory, "out/" + std::string(name));
  }
  directory.make_link("target", "out/same-link");
  directory.make_link("other", "out/link");
  make_old(directory, "out/same-link");
  const std::string text =
      file_line("same", "1234") + file_line("same-mode", "1234", R"(, "mode": "0640")") +
      file_line("content", "1235") + file_line("size", "123") + file_line("longer", "12345") +
      file_line("mode", "1234", R"(, "mode": "0600")") +
      file_line("time", "1234", R"(, "mtime": "1234567890")") + file_line("new", "x") +
      link_line("same-link", "target") + link_line("link", "target");
  std::map<std::string, struct stat> before;
  for (const char* name : {"same", "same-mode", "same-link", "time"}) {
    before[name] = status_of(directory, "out/" + std::string(name));
  }
  const auto report = write(directory, text, IfExists::update, kind);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.files == 5U);
  BOOST_TEST(report.links == 1U);
  BOOST_TEST(report.unchanged == 4U);
  for (const char* name : {"same", "same-mode", "same-link"}) {
    BOOST_TEST(is_same_file(status_of(directory, "out/" + std::string(name)), before[name]));
  }
  BOOST_TEST(status_of(directory, "out/time").st_ino == before["time"].st_ino);
  BOOST_TEST(status_of(directory, "out/time").st_mtim.tv_sec == 1234567890);
  BOOST_TEST(directory.read_file("out/content") == "1235");
  BOOST_TEST(directory.read_file("out/size") == "123");
  BOOST_TEST(directory.read_file("out/longer") == "12345");
  BOOST_TEST((status_of(directory, "out/mode").st_mode & 0777U) == 0600U);
  BOOST_TEST(fs::read_symlink(directory / "out/link") == "target");

  const auto again = write(directory, text, IfExists::update, kind);
  BOOST_TEST(again.complete());
  BOOST_TEST(again.unchanged == 10U);
  BOOST_TEST(again.files + again.links == 0U);
}

BOOST_AUTO_TEST_CASE(an_update_with_a_wrong_digest_fails_even_where_the_content_is_the_same) {
  const TemporaryDirectory directory;
  directory.write_file("out/a", "x");
  const std::string wrong = R"(, "sha256": ")" + std::string(64, '0') + "\"";
  const std::string right =
      R"(, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")";
  BOOST_TEST(write(directory, file_line("a", "x", wrong), IfExists::update).failures.size() == 1U);
  BOOST_TEST(write(directory, file_line("a", "x", right), IfExists::update).unchanged == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_that_is_there_changes_where_all_is_up_to_date) {
  const TemporaryDirectory directory;
  const auto text = file_line("a", "1") + file_line("d/b", "2") + link_line("l", "a");
  BOOST_TEST(write(directory, text, IfExists::update).files == 2U);
  for (const char* name : {"out", "out/d"}) make_old(directory, name);
  const auto root = status_of(directory, "out");
  const auto below = status_of(directory, "out/d");
  BOOST_TEST(write(directory, text, IfExists::update).unchanged == 3U);
  BOOST_TEST(is_same_file(status_of(directory, "out"), root));
  BOOST_TEST(is_same_file(status_of(directory, "out/d"), below));
}

BOOST_AUTO_TEST_CASE(a_batch_takes_the_place_of_a_full_directory_at_once) {
  const TemporaryDirectory directory;
  directory.write_file("out/theirs", "x");
  directory.write_file("out/sub/a", "x");
  directory.set_mode("out/sub", 0500);
  directory.set_mode("out", 0711);
  const auto report = write(directory, file_line("a", "1"), IfExists::replace, Atomic::batch);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.trouble == "");
  BOOST_TEST(directory.read_file("out/a") == "1");
  BOOST_TEST(std::distance(fs::directory_iterator(directory / "out"), {}) == 1);
  BOOST_TEST((status_of(directory, "out").st_mode & 0777U) == 0711U);
  BOOST_TEST(hidden_in(directory.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_leaves_the_full_directory_as_it_was) {
  const TemporaryDirectory directory;
  directory.write_file("out/theirs", "x");
  const auto report = write(directory, file_line("a", "1") + R"({"path": "b", "from": "absent"})",
                            IfExists::replace, Atomic::batch);
  BOOST_TEST(report.withdrawn);
  BOOST_TEST(directory.read_file("out/theirs") == "x");
  BOOST_TEST(!directory.contains("out/a"));
  BOOST_TEST(hidden_in(directory.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_removed_of_the_old_directory_is_named) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a filesystem needs root");
    return;
  }
  const TemporaryDirectory directory;
  directory.make_directory("out/mounted");
  const test::MountedTmpfs mounted(directory / "out/mounted", "1m");
  const auto report = write(directory, file_line("a", "1"), IfExists::replace, Atomic::batch);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.trouble.find("cannot remove ") == 0U);
  BOOST_TEST(directory.read_file("out/a") == "1");
  BOOST_TEST(hidden_in(directory.path()) == 2U);  // with its lock file, for 'ream clean'
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    const auto path = entry.path() / "tree/mounted";
    if (fs::is_directory(path)) test::run("umount", {"--lazy", path.string()});
    const auto moved = entry.path() / "0";
    if (fs::is_directory(moved)) test::run("umount", {"--lazy", moved.string()});
  }
}

BOOST_AUTO_TEST_CASE(a_directory_in_which_the_caller_stands_is_not_exchanged) {
  for (const std::string place : {"out", "out/a", "out/a/b"}) {
    const TemporaryDirectory directory;
    directory.make_directory("out/a/b");
    directory.write_file("manifest", file_line("x", "1"));
    Process caller([&] {
      fs::current_path(directory / place);
      write(directory, file_line("x", "1"), IfExists::replace, Atomic::batch);
    });
    caller.start();
    caller.join();
    BOOST_TEST(caller.error().value_or("").find("the working directory is in it") !=
               std::string::npos);
    BOOST_TEST(directory.contains("out/a/b"));
    BOOST_TEST(hidden_in(directory.path()) == 0U);
  }
}

// Whatever comes to the name meanwhile is put back, not taken for what was to be replaced.
BOOST_AUTO_TEST_CASE(what_came_to_the_name_meanwhile_is_not_removed) {
  for (const bool is_file : {false, true}) {
    const TemporaryDirectory directory;
    directory.write_file("out/old", "x");
    directory.write_file("manifest", file_line("a", "1"));
    WriteOptions options;
    options.if_exists = IfExists::replace;
    options.atomic = Atomic::batch;
    options.on_progress = [&](const WriteProgress&) {
      if (directory.contains("moved")) return;
      fs::rename(directory / "out", directory / "moved");
      directory.write_file(is_file ? "out" : "out/theirs", "precious");
    };
    const auto report =
        write_batch(*open_manifest(directory / "manifest"), directory / "out", options);
    BOOST_TEST(report.withdrawn);
    BOOST_TEST(report.trouble.starts_with("cannot publish"));
    BOOST_TEST(directory.read_file(is_file ? "out" : "out/theirs") == "precious");
    BOOST_TEST(directory.contains("moved/old"));
    BOOST_TEST(hidden_in(directory.path()) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_path_that_is_there_twice_is_bad_input_whatever_may_be_replaced) {
  const auto pairs = {
      file_line("a", "1") + file_line("a", "2"),
      file_line("a", "1") + link_line("a", "2"),
      link_line("a", "1") + link_line("a", "2"),
  };
  for (const auto& pair : pairs) {
    for (const auto if_exists : {IfExists::replace, IfExists::skip, IfExists::update}) {
      const TemporaryDirectory directory;
      BOOST_CHECK_THROW(write(directory, pair, if_exists), InputError);
      BOOST_TEST(!directory.contains("out"));
    }
    const TemporaryDirectory directory;
    directory.write_file("out/old", "x");
    BOOST_CHECK_THROW(write(directory, pair, IfExists::replace, Atomic::batch), InputError);
    BOOST_TEST(directory.contains("out/old"));
  }
}

BOOST_DATA_TEST_CASE(skip_and_update_do_not_go_with_a_batch,
                     (std::vector{IfExists::skip, IfExists::update}), if_exists) {
  const TemporaryDirectory directory;
  BOOST_CHECK_THROW(write(directory, file_line("a", "1"), if_exists, Atomic::batch),
                    std::invalid_argument);
  BOOST_TEST(!directory.contains("out"));
}

// XFS, where new files have temporary names too.
BOOST_AUTO_TEST_CASE(files_are_replaced_and_updated_on_xfs) {
  if (!test::can_mount("xfs")) {
    BOOST_TEST_MESSAGE("skipped: an XFS image needs root, mkfs.xfs and a loop device");
    return;
  }
  const TemporaryDirectory directory;
  const test::MountedImage mounted(directory, "xfs", "320m");
  directory.make_link("xfs/out", "out");
  directory.write_file("xfs/out/a", "1");
  directory.write_file("xfs/out/b", "1");
  const auto updated = write(
      directory, file_line("a", "1") + file_line("b", "2") + file_line("c", "3"), IfExists::update);
  BOOST_TEST(updated.unchanged == 1U);
  BOOST_TEST(updated.files == 2U);
  const auto replaced =
      write(directory, file_line("a", "4") + link_line("c", "a"), IfExists::replace);
  BOOST_TEST(replaced.complete());
  BOOST_TEST(directory.read_file("out/c") == "4");
  BOOST_TEST(hidden_in(directory / "xfs/out") + hidden_in(directory / "xfs") == 0U);
}
