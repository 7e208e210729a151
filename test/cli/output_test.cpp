#define BOOST_TEST_MODULE output
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;

namespace {

RunOptions in(const TemporaryDirectory& directory) {
  RunOptions options;
  options.directory = directory.path().string();
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_listing_that_cannot_be_written_is_named_and_ends_with_one) {
  const std::pair<Output, const char*> cases[] = {
      {BrokenPipe{}, "ream: listing: EPIPE (Broken pipe)\n"},
      {File{"/dev/full"}, "ream: listing: ENOSPC"},
      {Closed{}, "ream: listing: EBADF"}};
  for (const auto& [out, expected] : cases) {
    const TemporaryDirectory directory;
    auto options = in(directory);
    options.out = out;
    const auto ended = run_ream({"generate", "--count", "20", "out"}, options);
    BOOST_TEST(ended.exit_code == 1);
    BOOST_TEST(ended.signal == 0);
    BOOST_TEST(ended.err.find(expected) == 0U);
    BOOST_TEST(directory.read_file("out/info20") == std::string(20, '='));
    BOOST_TEST(run_ream({"list", "out"}, options).exit_code == 1);
    BOOST_TEST(run_ream({"manifest", "out"}, options).exit_code == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_file_size_limit_names_what_it_hit_instead_of_killing_the_program) {
  const TemporaryDirectory directory;
  auto options = in(directory);
  options.before_exec = [] {
    const rlimit limit{2048, 2048};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  };
  options.out = File{(directory / "listing").string()};
  const auto listing = run_ream({"generate", "out"}, options);
  BOOST_TEST(listing.signal == 0);
  BOOST_TEST(listing.exit_code == 1);
  BOOST_TEST(listing.err.find("ream: listing: EFBIG (File too large)\n") == 0U);
  options.out = Captured{};
  options.in = Text{std::string(1'000'000, 'x')};
  const auto copied = run_ream({"write", "-", "copied"}, options);
  BOOST_TEST(copied.exit_code == 1);
  BOOST_TEST(copied.err.find("File too large") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(closed_standard_streams_do_not_become_the_users_files) {
  const TemporaryDirectory directory;
  auto options = in(directory);
  options.in = Closed{};
  options.out = Closed{};
  options.err = Closed{};
  directory.write_file("out/info3", "mine");
  BOOST_TEST(
      run_ream({"generate", "--if-exists", "skip", "--count", "5", "out"}, options).exit_code ==
      1);  // the listing has nowhere to go
  for (const std::size_t i : {1U, 2U, 4U, 5U}) {
    BOOST_TEST(directory.read_file("out/info" + std::to_string(i)) == std::string(i, '='));
  }
  BOOST_TEST(directory.read_file("out/info3") == "mine");
}

BOOST_AUTO_TEST_CASE(list_shows_a_directory_in_every_format) {
  const TemporaryDirectory directory;
  directory.write_file("d/a", "1");
  directory.write_file("d/b/c", "22");
  directory.write_file("d/b-", "333");
  const auto options = in(directory);
  BOOST_TEST(run_ream({"list", "d"}, options).out == "a\nb-\nb\nb/c\n");
  BOOST_TEST(run_ream({"list", "-0", "d"}, options).out == std::string("a\0b-\0b\0b/c\0", 11));
  BOOST_TEST(run_ream({"list", "--list", "long", "d"}, options).out.find("-rw-r--r--") !=
             std::string::npos);
  BOOST_TEST(run_ream({"list", "--list", "tree", "d"}, options).out.find("└── ") !=
             std::string::npos);
  BOOST_TEST(run_ream({"list", "--list", "json", "d"}, options).out.find("\"b/c\"") !=
             std::string::npos);
  BOOST_TEST(run_ream({"list", "--list", "none", "d"}, options).out == "");
  const auto absent = run_ream({"list", "absent"}, options);
  BOOST_TEST(absent.exit_code == 1);
  BOOST_TEST(absent.err.find("absent") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_and_version_go_to_standard_output) {
  const auto overview = run_ream({"help"});
  BOOST_TEST(overview.exit_code == 0);
  BOOST_TEST(overview.err == "");
  BOOST_TEST(run_ream({"--help"}).out == overview.out);
  BOOST_TEST(run_ream({"--version"}).out.find("ream ") == 0U);
  for (const std::string command : {"generate", "write", "manifest", "list"}) {
    BOOST_TEST(overview.out.find(command) != std::string::npos);
    const auto help = run_ream({"help", command});
    BOOST_TEST(help.exit_code == 0);
    BOOST_TEST(help.out.find("Usage: ream " + command) == 0U);
    BOOST_TEST(help.out.find("Example (") != std::string::npos);
    BOOST_TEST(run_ream({command, "--help"}).out == help.out);
    std::size_t begin = 0;
    for (auto end = help.out.find('\n'); end != help.out.npos; end = help.out.find('\n', begin)) {
      BOOST_TEST(end - begin <= 100U);
      begin = end + 1;
    }
  }
}
