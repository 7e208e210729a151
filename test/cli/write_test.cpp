#define BOOST_TEST_MODULE write
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

Ended ream_with(const TemporaryDirectory& directory, const std::vector<std::string>& arguments,
                Input in = {}) {
  RunOptions options;
  options.directory = directory.path().string();
  options.in = std::move(in);
  return run_ream(arguments, options);
}

std::string file(const std::string& path, const std::string& content) {
  return R"({"path": ")" + path + R"(", "content": ")" + content + "\"}\n";
}

// Contents, and with find every entry's type, mode, time and link.
void check_equal_trees(const TemporaryDirectory& directory, const std::string& a,
                       const std::string& b) {
  const auto first = (directory / a).string();
  const auto second = (directory / b).string();
  const auto difference = run("diff", {"-r", "--no-dereference", first, second});
  BOOST_TEST(difference.out == "");
  BOOST_TEST(difference.exit_code == 0);
  const std::string script =
      "cd \"$1\" && find . -mindepth 1 -printf '%P %y %m %T@ %l\\n' | LC_ALL=C sort";
  BOOST_TEST(run("sh", {"-c", script, "sh", first}).out ==
             run("sh", {"-c", script, "sh", second}).out);
}

void round_trip(const TemporaryDirectory& directory) {
  const auto manifest = ream_with(directory, {"manifest", "a"});
  BOOST_TEST(manifest.exit_code == 0);
  BOOST_TEST(manifest.err == "");
  const auto written =
      ream_with(directory, {"write", "--list", "none", "-", "b"}, Text{manifest.out});
  BOOST_TEST(written.exit_code == 0);
  check_equal_trees(directory, "a", "b");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_manifests_files_are_written_and_listed) {
  const TemporaryDirectory directory;
  directory.write_file("m",
                       file("b/x", "1") + file("a", "two") + R"({"path": "l", "symlink": "a"})");
  const auto ended = ream_with(directory, {"write", "m", "out"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out == "a\nb\nb/x\nl\n");
  BOOST_TEST(ended.err.find("ream: 2 files, 1 link, 4 B in ") == 0U);
  BOOST_TEST(directory.read_file("out/l") == "two");
}

BOOST_AUTO_TEST_CASE(standard_input_may_be_a_pipe_or_a_file_that_was_read_from) {
  const TemporaryDirectory directory;
  BOOST_TEST(ream_with(directory, {"write", "-", "piped"}, Text{file("a", "x")}).out == "a\n");
  directory.write_file("m", "skipped\n" + file("a", "x"));
  const auto m = (directory / "m").string();
  const auto read_from = run("sh", {"-c", "{ read -r line; exec \"$0\" write - \"$1\"; } < \"$2\"",
                                    REAM_PROGRAM, (directory / "read").string(), m});
  BOOST_TEST(read_from.out == "a\n");
  BOOST_TEST(read_from.exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_manifest_of_a_tree_makes_an_equal_tree) {
  const TemporaryDirectory directory;
  directory.write_file("a/text", "hello\n\"quoted\" \\ \xc3\xa9 \t\x01");
  directory.write_file("a/binary", std::string("\0\xff\xfe", 3));
  directory.write_file("a/empty", "");
  directory.write_file("a/d/e/deep", std::string(100'000, 'x'));
  directory.write_file("a/new\nline", "n");
  directory.write_file("a/\xff\xfe name", "not UTF-8");
  directory.write_file("a/read-only/file", "r");
  directory.make_directory("a/void/void");
  directory.make_link("../nowhere", "a/d/link");
  directory.make_link("\xff", "a/badlink");
  directory.set_mode("a/text", 0600);
  directory.set_mode("a/empty", 0);
  directory.set_mode("a/d/e", 0700);
  directory.set_mode("a/read-only", 0555);
  const timespec times[2] = {{0, UTIME_OMIT}, {-1, 999'999'999}};
  BOOST_REQUIRE(::utimensat(AT_FDCWD, (directory / "a/binary").c_str(), times, 0) == 0);
  BOOST_REQUIRE(::utimensat(AT_FDCWD, (directory / "a/d").c_str(), times, 0) == 0);
  round_trip(directory);
}

BOOST_AUTO_TEST_CASE(a_large_file_is_named_not_carried) {
  const TemporaryDirectory directory;
  directory.write_file("a/large", std::string((16U << 20) + 1, 'x'));
  directory.write_file("a/limit", std::string(16U << 20, 'x'));
  round_trip(directory);
}

BOOST_AUTO_TEST_CASE(real_trees_come_back_equal) {
  for (const char* tree : {"/usr/include/linux", "/usr/share/doc/base-files"}) {
    if (!boost::filesystem::exists(tree)) continue;
    const TemporaryDirectory directory;
    BOOST_REQUIRE(run("cp", {"-a", tree, (directory / "a").string()}).exit_code == 0);
    round_trip(directory);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_place_in_a_manifest_is_named_and_ends_with_one) {
  const TemporaryDirectory directory;
  directory.write_file("a/file", "x");
  BOOST_REQUIRE(::mkfifo((directory / "a/fifo").c_str(), 0600) == 0);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto socket_path = (directory / "a/socket").string();
  BOOST_REQUIRE(socket_path.size() < sizeof address.sun_path);
  socket_path.copy(address.sun_path, socket_path.size());
  BOOST_REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(fd);
  const auto ended = ream_with(directory, {"manifest", "a"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("fifo") != std::string::npos);
  BOOST_TEST(ended.err.find("socket") != std::string::npos);
  BOOST_TEST(ended.out.find("\"file\"") != std::string::npos);
  BOOST_TEST(ended.out.find("fifo") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_missing_is_named_when_it_is_written) {
  const TemporaryDirectory directory;
  directory.write_file("m", R"({"path": "a", "from": "absent"})");
  const auto ended = ream_with(directory, {"write", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("ream: 'a': cannot open 'absent': No such file or directory\n") == 0U);
  BOOST_TEST(!directory.contains("out/a"));
}

BOOST_AUTO_TEST_CASE(a_fifo_as_source_or_manifest_does_not_hang) {
  const TemporaryDirectory directory;
  BOOST_REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  BOOST_TEST(ream_with(directory, {"write", "fifo", "out"}).exit_code == 2);
  directory.write_file("m", R"({"path": "a", "from": "fifo"})");
  const auto ended = ream_with(directory, {"write", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("not a regular file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_sha256_fails_its_file_and_leaves_none) {
  const TemporaryDirectory directory;
  directory.write_file("m", R"({"path": "a", "content": "x", "sha256": ")" + std::string(64, '0') +
                                "\"}\n" + file("b", "y"));
  const auto ended = ream_with(directory, {"write", "-k", "--atomic", "file", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot check the digest of 'a'") != std::string::npos);
  BOOST_TEST(ended.out == "b\n");
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_is_not_there_and_the_reason_is_told) {
  const TemporaryDirectory directory;
  directory.write_file("m", file("a", "x") + R"({"path": "b", "from": "absent"})" + "\n");
  const auto ended = ream_with(directory, {"write", "m", "out"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err.find("cannot open 'absent'") != std::string::npos);
  BOOST_TEST(ended.err.find("none of the 2 files is there: 'out' is as it was") !=
             std::string::npos);
  BOOST_TEST(!directory.contains("out"));
}

BOOST_AUTO_TEST_CASE(a_directory_of_two_thousand_levels_is_written_and_listed) {
  const TemporaryDirectory directory;
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "d/";
  directory.write_file("m", file(deep + "f", "x"));
  RunOptions options;
  options.directory = directory.path().string();
  const auto ended =
      run("sh", {"-c", "ulimit -n 64; exec \"$0\" write m out", REAM_PROGRAM}, options);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.out.size() > 4'000'000U);
  BOOST_TEST((ended.out.substr(ended.out.size() - deep.size() - 2) == deep + "f\n"));
}
