#define BOOST_TEST_MODULE manifest
#include "ream/manifest.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "ream/error.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

namespace {

std::string path_of(const Plan& plan, std::uint64_t index) {
  const auto scratch = plan.make_scratch();
  return std::string(plan.job(index, *scratch).path);
}

std::string line(const std::string& path) {
  return R"({"path": ")" + path + R"(", "content": "x"})";
}

auto says(const std::string& text) {
  return [text](const std::exception& error) {
    BOOST_TEST_MESSAGE(error.what());
    return std::string(error.what()).find(text) != std::string::npos;
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_line_is_a_job_with_or_without_a_last_newline) {
  const TemporaryDirectory directory;
  for (const char* end : {"\n", ""}) {
    directory.write_file("m", line("a") + "\n" + line("b") + "\r\n" + line("c") + end);
    const auto plan = open_manifest(directory / "m");
    BOOST_TEST(plan->size() == 3U);
    BOOST_TEST(path_of(*plan, 0) == "a");
    BOOST_TEST(path_of(*plan, 1) == "b");
    BOOST_TEST(path_of(*plan, 2) == "c");
    BOOST_TEST(!plan->is_known_good());
  }
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_named_by_its_number) {
  const TemporaryDirectory directory;
  directory.write_file("m", line("a") + "\n\n" + line("c") + "\n{\n");
  const auto plan = open_manifest(directory / "m");
  const auto scratch = plan->make_scratch();
  BOOST_TEST(plan->size() == 4U);
  BOOST_CHECK_EXCEPTION(plan->job(1, *scratch), InputError, says("m:2: is empty"));
  BOOST_CHECK_EXCEPTION(plan->job(3, *scratch), InputError, says("m:4: is not a JSON object"));
  BOOST_TEST(plan->job(2, *scratch).path == "c");
}

BOOST_AUTO_TEST_CASE(what_is_no_manifest_is_bad_input) {
  const TemporaryDirectory directory;
  directory.write_file("empty", "");
  BOOST_REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  BOOST_CHECK_EXCEPTION(open_manifest(directory / "empty"), InputError, says("is empty"));
  BOOST_CHECK_EXCEPTION(open_manifest(directory / "absent"), InputError, says("No such file"));
  BOOST_CHECK_EXCEPTION(open_manifest(directory.path()), InputError, says("Is a directory"));
  BOOST_CHECK_EXCEPTION(open_manifest(directory / "fifo"), InputError, says("not a regular file"));
  BOOST_CHECK_EXCEPTION(open_manifest("/dev/null"), InputError, says("not a regular file"));
}

BOOST_AUTO_TEST_CASE(a_line_has_a_longest_length) {
  const TemporaryDirectory directory;
  std::string text = line("a") + "\n" + R"({"path": "b", "content": ")";
  text.append(longest_manifest_line, 'x');
  directory.write_file("m", text + "\"}\n");
  BOOST_CHECK_EXCEPTION(open_manifest(directory / "m"), InputError, says("m:2: has 33554"));
}

BOOST_AUTO_TEST_CASE(a_last_line_that_ends_at_a_page_can_be_parsed) {
  const TemporaryDirectory directory;
  for (const std::size_t size : {4095U, 4096U, 4097U, 8192U}) {
    const std::string frame = R"({"path": "a", "content": ""})";
    const std::string content(size - frame.size(), 'x');
    directory.write_file("m", R"({"path": "a", "content": ")" + content + "\"}");
    const auto plan = open_manifest(directory / "m");
    const auto scratch = plan->make_scratch();
    BOOST_TEST(std::get<Bytes>(plan->job(0, *scratch).content).view == content);
  }
}

BOOST_AUTO_TEST_CASE(a_manifest_that_shrinks_is_a_named_error) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += line("file" + std::to_string(i)) + "\n";
  directory.write_file("m", text);
  const auto plan = open_manifest(directory / "m");
  BOOST_REQUIRE(::truncate((directory / "m").c_str(), 100) == 0);
  const auto scratch = plan->make_scratch();
  BOOST_CHECK_EXCEPTION(plan->job(1999, *scratch), Error, says("ended before the size"));
  BOOST_CHECK_THROW(plan->check_source(), Error);
}

BOOST_AUTO_TEST_CASE(from_is_relative_to_the_manifests_directory) {
  const TemporaryDirectory directory;
  directory.write_file("sub/m", R"({"path": "a", "from": "blob"})");
  const auto plan = open_manifest(directory / "sub/m");
  const auto scratch = plan->make_scratch();
  BOOST_TEST(std::get<CopyOf>(plan->job(0, *scratch).content).source ==
             (directory / "sub/blob").string());
}
