#define BOOST_TEST_MODULE manifest_writer
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "os/file.hpp"
#include "ream/error.hpp"
#include "ream/manifest.hpp"
#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"
#include "text/base64.hpp"
#include "text/json_text.hpp"

namespace {

// Called behind each look at an open file, which comes right before and right behind its reading.
std::function<void()> after_status_of_open_file = [] {};

}  // namespace

// Takes the place of the C library's.
extern "C" int statx(int directory, const char* name, int flags, unsigned mask,
                     struct statx* found) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_statx, directory, name, flags, mask, found));
  if ((flags & AT_EMPTY_PATH) != 0) after_status_of_open_file();
  return result;
}

namespace {

using ream::FileTime;
using ream::ManifestWriterOptions;

void set_mtime(const boost::filesystem::path& path, FileTime time) {
  BOOST_REQUIRE(ream::os::set_mtime({AT_FDCWD, path.c_str()}, time));
}

struct Written {
  std::uint64_t entries = 0;
  std::string text;
  std::vector<std::string> problems;

  // Each line as Boost.JSON reads it, which is strict about UTF-8 and escapes.
  std::vector<boost::json::object> lines() const {
    std::vector<boost::json::object> objects;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      objects.push_back(boost::json::parse(line).as_object());
    }
    return objects;
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& line : lines()) paths.emplace_back(line.at("path").as_string());
    return paths;
  }
};

Written write(const boost::filesystem::path& directory, const ManifestWriterOptions& options = {}) {
  Written written;
  std::ostringstream out;
  const auto note = [&](const std::string& message) { written.problems.push_back(message); };
  written.entries = ream::write_manifest(directory, out, note, options);
  written.text = out.str();
  return written;
}

std::string text_of(const boost::json::object& line, const char* key) {
  return std::string(line.at(key).as_string());
}

// What a reader of the manifest would put into the file.
std::string content_of(const boost::json::object& line) {
  if (line.contains("content")) return text_of(line, "content");
  std::string bytes;
  BOOST_REQUIRE(ream::text::decode_base64(text_of(line, "base64"), bytes));
  return bytes;
}

std::string decimal(FileTime time) {
  std::string text;
  ream::text::append_decimal(text, time);
  return text;
}

struct Fixture {
  Fixture() {
    after_status_of_open_file = [] {};
  }
  ~Fixture() {
    after_status_of_open_file = [] {};
  }

  // The only line of the manifest of a directory with this one file.
  boost::json::object line_for(std::string_view content) {
    directory.write_file("file", content);
    return write(directory.path()).lines().at(0);
  }

  void check_left_out(const Written& written, const std::string& name, const std::string& why) {
    BOOST_TEST(written.text.find(name) == written.text.npos, written.text);
    BOOST_REQUIRE(written.problems.size() == 1U);
    BOOST_TEST(
        written.problems[0].find("'" + (directory / name).native() + "'") != std::string::npos,
        written.problems[0]);
    BOOST_TEST(written.problems[0].find(why) != std::string::npos, written.problems[0]);
  }

  TemporaryDirectory directory;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(manifest_writer, Fixture)

BOOST_AUTO_TEST_CASE(entries_come_in_listing_order_with_their_keys_in_order) {
  directory.write_file("d/b", "text\n");
  directory.write_file("d.c", "\xFF");
  directory.make_link("d/b", "link");
  directory.set_mode("d/b", 0600);
  directory.set_mode("d.c", 0444);
  directory.set_mode("d", 0750);
  set_mtime(directory / "d/b", {1, 5});
  set_mtime(directory / "d.c", {2, 0});
  set_mtime(directory / "d", {3, 0});
  set_mtime(directory / "link", {4, 500'000'000});
  const Written written = write(directory.path());
  BOOST_TEST(written.text ==
             R"({"path": "d.c", "base64": "/w==", "mode": "0444", "mtime": "2"}
{"path": "d", "directory": true, "mode": "0750", "mtime": "3"}
{"path": "d/b", "content": "text\n", "mode": "0600", "mtime": "1.000000005"}
{"path": "link", "symlink": "d/b", "mtime": "4.5"}
)");
  BOOST_TEST(written.entries == 4U);
  BOOST_TEST(written.problems.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_directory_has_an_empty_manifest) {
  const Written written = write(directory.path());
  BOOST_TEST(written.text.empty());
  BOOST_TEST(written.entries == 0U);
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_an_error) {
  BOOST_CHECK_EXCEPTION(write(directory / "missing"), ream::Error, [&](const ream::Error& error) {
    return error.path() == (directory / "missing").native();
  });
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_empty_content) {
  BOOST_TEST(text_of(line_for(""), "content").empty());
}

BOOST_AUTO_TEST_CASE(every_character_comes_back_wherever_it_stands) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text = "twenty plain letters";
      text[place] = static_cast<char>(byte);
      const auto line = line_for(text);
      BOOST_TEST(line.contains("content"));
      BOOST_TEST((content_of(line) == text), "byte " << byte << " at " << place);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_mixture_of_characters_comes_back) {
  const std::vector<std::string> characters{
      "a",    "b", "\"",   "\\",           "\n",
      "\x1F", " ", "\x7F", "\xC2\x80",     "!",
      "#",    "[", "]",    "\xE2\x82\xAC", "\xF4\x8F\xBF\xBF"};
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (auto left = random() % 200; left > 0; --left) {
      text += characters[random() % characters.size()];
      text += std::string(random() % 10, 'x');
    }
    const auto line = line_for(text);
    BOOST_TEST(line.contains("content"));
    BOOST_TEST((content_of(line) == text));
  }
}

BOOST_AUTO_TEST_CASE(text_stays_text_unless_base64_is_shorter) {
  const std::string quotes(30, '"');  // two characters each: 60, in base64 40
  BOOST_TEST(text_of(line_for(quotes), "base64").size() == 40U);
  BOOST_TEST(content_of(line_for(quotes)) == quotes);

  const std::string as_long = std::string(10, '"') + std::string(20, 'x');  // 40 both ways
  BOOST_TEST(text_of(line_for(as_long), "content") == as_long);

  const std::string longer = std::string(11, '"') + std::string(19, 'x');
  BOOST_TEST(text_of(line_for(longer), "base64").size() == 40U);

  const std::string controls(3, '\x01');
  BOOST_TEST(text_of(line_for(controls), "base64") == "AQEB");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_strictly_utf8_are_in_base64) {
  const std::vector<std::string> broken{
      "\x80",              // a continuation without its beginning
      "\xC3",              // a beginning without its continuation
      "\xC0\xAF",          // '/' in two bytes
      "\xE0\x80\xAF",      // and in three
      "\xED\xA0\x80",      // a surrogate
      "\xF4\x90\x80\x80",  // above U+10FFFF
      "\xF8\x88\x80\x80\x80",
      "\xFE",
      "\xFF",
  };
  for (const auto& bytes : broken) {
    const std::string content = "a text that is plain but for " + bytes + " in the midst of it";
    const auto line = line_for(content);
    BOOST_TEST(line.contains("base64"));
    BOOST_TEST((content_of(line) == content));
  }
}

BOOST_AUTO_TEST_CASE(a_large_file_is_carried_up_to_the_limit_and_named_above_it) {
  directory.write_file("d/fits", "12345678");
  directory.write_file("d/large", "123456789");
  ManifestWriterOptions options;
  options.largest_inline = 8;
  const auto lines = write(directory.path(), options).lines();
  BOOST_TEST(text_of(lines.at(1), "content") == "12345678");
  BOOST_TEST(text_of(lines.at(2), "from") ==
             boost::filesystem::canonical(directory / "d/large").native());
  BOOST_TEST(lines.at(2).contains("mode"));
  BOOST_TEST(lines.at(2).contains("mtime"));
}

BOOST_AUTO_TEST_CASE(a_relative_directory_gives_absolute_sources) {
  directory.write_file("d/large", "123");
  ManifestWriterOptions options;
  options.largest_inline = 0;
  const auto before = boost::filesystem::current_path();
  boost::filesystem::current_path(directory.path());
  const auto line = write("d", options).lines().at(0);
  boost::filesystem::current_path(before);
  BOOST_TEST(text_of(line, "from") == boost::filesystem::canonical(directory / "d/large").native());
}

BOOST_AUTO_TEST_CASE(no_line_is_longer_than_a_manifest_may_have) {
  directory.write_file("too-large", std::string(std::size_t{31} << 20, '\xFF'));
  directory.write_file("controls", std::string(std::size_t{16} << 20, '\x01'));
  ManifestWriterOptions options;
  options.largest_inline = std::numeric_limits<std::uint64_t>::max();
  const Written written = write(directory.path(), options);
  BOOST_TEST(written.text.size() < ream::longest_manifest_line);
  const auto lines = written.lines();
  BOOST_TEST(lines.at(0).contains("base64"));
  BOOST_TEST(lines.at(1).contains("from"));
}

BOOST_AUTO_TEST_CASE(names_that_are_not_utf8_have_keys_of_their_own) {
  directory.write_file("\xFF/large", "123");
  directory.make_link("\xFE", "link");
  ManifestWriterOptions options;
  options.largest_inline = 0;
  const auto lines = write(directory.path(), options).lines();
  BOOST_REQUIRE(lines.size() == 3U);
  BOOST_TEST(text_of(lines[0], "symlink64") == "/g==");
  BOOST_TEST(text_of(lines[1], "path64") == "/w==");
  BOOST_TEST(text_of(lines[2], "path64") == ream::text::encode_base64("\xFF/large"));
  const auto source = boost::filesystem::canonical(directory / "\xFF/large").native();
  BOOST_TEST(text_of(lines[2], "from64") == ream::text::encode_base64(source));
}

BOOST_AUTO_TEST_CASE(names_are_escaped) {
  directory.write_file("a\"b\\c\nd\x01", "");
  BOOST_TEST(write(directory.path()).paths().at(0) == "a\"b\\c\nd\x01");
}

BOOST_AUTO_TEST_CASE(a_link_is_described_and_not_followed) {
  directory.write_file("file", "content");
  directory.make_link("file", "link");
  directory.make_link("/", "to-root");
  const auto lines = write(directory.path()).lines();
  BOOST_REQUIRE(lines.size() == 3U);
  BOOST_TEST(text_of(lines[1], "symlink") == "file");
  BOOST_TEST(!lines[1].contains("mode"));
  BOOST_TEST(text_of(lines[2], "symlink") == "/");
}

BOOST_AUTO_TEST_CASE(special_mode_bits_are_named_and_not_described) {
  directory.write_file("file", "");
  directory.make_directory("sticky");
  BOOST_REQUIRE(::chmod((directory / "file").c_str(), 06755) == 0);
  BOOST_REQUIRE(::chmod((directory / "sticky").c_str(), 01777) == 0);
  const Written written = write(directory.path());
  BOOST_TEST(text_of(written.lines().at(0), "mode") == "0755");
  BOOST_TEST(text_of(written.lines().at(1), "mode") == "0777");
  BOOST_REQUIRE(written.problems.size() == 2U);
  BOOST_TEST(written.problems[0].starts_with("'" + (directory / "file").native() + "'"));
  BOOST_TEST(written.problems[1].find("sticky'") != std::string::npos);
  BOOST_TEST(written.entries == 2U);
}

BOOST_AUTO_TEST_CASE(what_has_no_place_in_a_manifest_is_named_and_left_out) {
  BOOST_REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  check_left_out(write(directory.path()), "fifo", "a FIFO has no place in a manifest");
  directory.remove("fifo");
  BOOST_REQUIRE(::mknod((directory / "socket").c_str(), S_IFSOCK | 0600, 0) == 0);
  check_left_out(write(directory.path()), "socket", "a socket has no place in a manifest");
}

BOOST_AUTO_TEST_CASE(a_path_that_no_manifest_may_have_is_left_out) {
  std::string path;
  for (int i = 0; i < 18; ++i) path += std::string(200, 'd') + "/";
  directory.make_directory(path.substr(0, path.size() - 1));
  const auto before = boost::filesystem::current_path();
  boost::filesystem::current_path(directory / path);
  boost::filesystem::create_directories(std::string(200, 'e') + "/" + std::string(200, 'f'));
  boost::filesystem::current_path(std::string(200, 'e'));
  boost::filesystem::create_directory(std::string(200, 'f') + "/" + std::string(200, 'g'));
  boost::filesystem::current_path(before);
  const Written written = write(directory.path());
  BOOST_TEST(written.entries == 20U);
  BOOST_REQUIRE(written.problems.size() == 1U);
  BOOST_TEST(written.problems[0].find("its path has more than 4095 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_named_and_left_out) {
  for (const auto* name : {"a", "closed", "z"}) directory.write_file(name, "");
  directory.set_mode("closed", 0);
  const WithoutRoot without_root;
  const Written written = write(directory.path());
  check_left_out(written, "closed", "Permission denied");
  BOOST_TEST(written.entries == 2U);
  BOOST_TEST(written.lines().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_read_is_named_and_left_out) {
  for (const auto* name : {"a", "closed/file", "z"}) directory.write_file(name, "");
  directory.set_mode("closed", 0);
  const WithoutRoot without_root;
  const Written written = write(directory.path());
  check_left_out(written, "closed", "Permission denied");
  BOOST_TEST(written.entries == 2U);
}

// Its time is set back, as by tools that keep it.
BOOST_AUTO_TEST_CASE(a_file_that_gets_another_size_while_it_is_read_is_left_out) {
  for (const auto* content : {"before and behind", "be", ""}) {
    directory.write_file("a", "before");
    set_mtime(directory / "a", {5, 0});
    after_status_of_open_file = [&] {
      directory.write_file("a", content);
      set_mtime(directory / "a", {5, 0});
    };
    check_left_out(write(directory.path()), "a", "it changed while it was read");
    after_status_of_open_file = [] {};
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_rewritten_while_it_is_read_is_left_out) {
  directory.write_file("a", "before");
  after_status_of_open_file = [&] {
    directory.write_file("a", "behind");
    set_mtime(directory / "a", {77, 0});
  };
  check_left_out(write(directory.path()), "a", "it changed while it was read");
}

BOOST_AUTO_TEST_CASE(a_file_that_vanished_is_named_and_left_out) {
  directory.write_file("a", "");
  directory.write_file("b", "");
  after_status_of_open_file = [&] { directory.remove("b"); };
  const Written written = write(directory.path());
  check_left_out(written, "b", "No such file or directory");
  BOOST_TEST(written.entries == 1U);
}

BOOST_AUTO_TEST_CASE(a_link_that_vanished_is_named_and_left_out) {
  directory.write_file("a", "");
  directory.make_link("a", "b");
  after_status_of_open_file = [&] { directory.remove("b"); };
  check_left_out(write(directory.path()), "b", "it vanished while it was read");
}

BOOST_AUTO_TEST_CASE(a_file_replaced_by_a_fifo_does_not_hang_the_writer) {
  directory.write_file("a", "");
  directory.write_file("b", "");
  after_status_of_open_file = [&] {
    directory.remove("b");
    BOOST_REQUIRE(::mkfifo((directory / "b").c_str(), 0600) == 0);
    after_status_of_open_file = [] {};
  };
  check_left_out(write(directory.path()), "b", "it was replaced while it was read");
}

BOOST_AUTO_TEST_CASE(a_stream_that_failed_ends_the_writing) {
  directory.write_file("a", "");
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  BOOST_TEST(ream::write_manifest(directory.path(), out, [](const std::string&) {}) == 0U);
}

BOOST_AUTO_TEST_CASE(more_than_is_written_at_once_comes_out_whole) {
  const std::string content(700, 'c');
  for (int i = 0; i < 2000; ++i) directory.write_file(std::to_string(10'000 + i), content);
  const Written written = write(directory.path());
  BOOST_TEST(written.entries == 2000U);
  const auto paths = written.paths();
  BOOST_REQUIRE(paths.size() == 2000U);
  for (std::size_t i = 0; i < paths.size(); ++i)
    BOOST_REQUIRE(paths[i] == std::to_string(10'000 + i));
}

BOOST_AUTO_TEST_CASE(times_before_1970_are_the_right_number) {
  for (const auto& [time, text] : std::vector<std::pair<FileTime, std::string>>{
           {{-1, 500'000'000}, "-0.5"}, {{-100, 0}, "-100"}, {{-100, 1}, "-99.999999999"}}) {
    directory.write_file("file", "");
    set_mtime(directory / "file", time);
    BOOST_TEST(text_of(write(directory.path()).lines().at(0), "mtime") == text);
  }
}

BOOST_AUTO_TEST_CASE(a_time_is_an_exact_decimal_number) {
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::pair<FileTime, std::string>> examples{
      {{0, 0}, "0"},
      {{0, 1}, "0.000000001"},
      {{0, 100'000'000}, "0.1"},
      {{10, 0}, "10"},
      {{100, 10}, "100.00000001"},
      {{1'700'000'000, 123'456'789}, "1700000000.123456789"},
      {{-1, 0}, "-1"},
      {{-1, 1}, "-0.999999999"},
      {{-1, 999'999'999}, "-0.000000001"},
      {{-2, 999'999'999}, "-1.000000001"},
      {{-10, 900'000'000}, "-9.1"},
      {{largest, 999'999'999}, "9223372036854775807.999999999"},
      {{smallest, 0}, "-9223372036854775808"},
      {{smallest, 1}, "-9223372036854775807.999999999"},
  };
  for (const auto& [time, text] : examples) BOOST_TEST(decimal(time) == text);
}

BOOST_AUTO_TEST_SUITE_END()
