#define BOOST_TEST_MODULE listing
#include "ream/listing.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "listing/format.hpp"
#include "listing/walk.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"

namespace ream {

// Names for messages of a failed check.
std::ostream& operator<<(std::ostream& out, EntryType type) {
  return out << "type " << static_cast<int>(type);
}
std::ostream& operator<<(std::ostream& out, Operation operation) {
  return out << to_string(operation);
}

}  // namespace ream

namespace {

using ream::EntryType;
using ream::Error;
using ream::FileTime;
using ream::ListFormat;
using ream::ListOptions;
using ream::Operation;
using ream::TreeWalk;
using Lines = std::vector<std::string>;

Lines rest_of(TreeWalk& walk) {
  Lines paths;
  while (walk.next()) paths.push_back(walk.path());
  return paths;
}

Lines paths_of(const boost::filesystem::path& directory) {
  Lines paths;
  for (const auto& entry : ream::list_directory(directory)) paths.push_back(entry.path);
  return paths;
}

std::string listing_of(const boost::filesystem::path& directory, const ListOptions& options) {
  std::string text;
  ream::write_listing(directory, options, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string format_rest(TreeWalk& walk, ListFormat format) {
  const auto formatter = ream::make_formatter("", {format});
  std::string text;
  formatter->begin(text);
  while (walk.next()) formatter->append(walk, text);
  formatter->end(text);
  return text;
}

void set_mtime(const boost::filesystem::path& path, FileTime time) {
  BOOST_REQUIRE(ream::os::set_mtime({AT_FDCWD, path.c_str()}, time));
}

// While it lives, no more than `most` descriptors can be open.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit limit{most, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
};

class TimeZone {
 public:
  explicit TimeZone(const char* zone) { ::setenv("TZ", zone, 1); }
  ~TimeZone() {
    ::unsetenv("TZ");
    ::tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;
};

// root/top/d/d/…/d, each level with a file "a" before the next one and a file "z" behind it, and a
// directory "y", so that a walk goes down once more on its way back. Built and taken down from the
// inside out: beyond 4,095 bytes no path leads there.
class DeepTree {
 public:
  DeepTree(std::string name, int depth) : name_(std::move(name)), depth_(depth) {
    directory_.make_directory("top");
    for (int level = 1; level < depth; ++level) wrap();
    add_files("top");
  }

  ~DeepTree() {
    while (directory_.contains("top/" + name_)) unwrap();
  }

  DeepTree(const DeepTree&) = delete;
  DeepTree& operator=(const DeepTree&) = delete;

  const boost::filesystem::path& path() const { return directory_.path(); }

  Lines expected() const {
    Lines before{"top"};
    Lines behind;
    std::string path = "top";
    for (int level = 1; level < depth_; ++level) {
      before.push_back(path + "/a");
      for (const auto* last : {"/z", "/y/x", "/y"}) behind.push_back(path + last);
      path += "/" + name_;
      before.push_back(path);
    }
    for (const auto* last : {"/a", "/y", "/y/x", "/z"}) before.push_back(path + last);
    before.insert(before.end(), behind.rbegin(), behind.rend());
    return before;
  }

 private:
  void add_files(const std::string& name) {
    for (const auto* file : {"/a", "/y/x", "/z"}) directory_.write_file(name + file, "");
  }

  void wrap() {
    add_files("top");
    directory_.make_directory("outer");
    rename(directory_ / "top", directory_ / "outer" / name_);
    rename(directory_ / "outer", directory_ / "top");
  }

  void unwrap() {
    rename(directory_ / "top" / name_, directory_ / "inner");
    directory_.remove("top");
    rename(directory_ / "inner", directory_ / "top");
  }

  TemporaryDirectory directory_;
  std::string name_;
  int depth_;
};

struct Fixture {
  TemporaryDirectory directory;
};

// What the order is, said as simply as can be.
bool sorts_before(const std::pair<std::string, bool>& left,
                  const std::pair<std::string, bool>& right) {
  const auto key = [](const auto& entry) { return entry.first + (entry.second ? "/" : ""); };
  return key(left) < key(right);
}

std::string random_name(std::mt19937& random) {
  constexpr std::string_view bytes = "aab.-0\x01\x7F\xC3\xFF";
  std::string name = random() % 2 == 0 ? "common-prefix-" : "";
  for (auto left = random() % 20 + 1; left > 0; --left) name += bytes[random() % bytes.size()];
  return name;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(listing, Fixture)

BOOST_AUTO_TEST_CASE(a_directory_sorts_as_its_name_and_a_slash) {
  for (const auto* name : {"a.txt", "a-b", "a/x", "a/b/c", "a0", "A", "b"}) {
    directory.write_file(name, "");
  }
  const Lines expected{"A", "a-b", "a.txt", "a", "a/b", "a/b/c", "a/x", "a0", "b"};
  BOOST_TEST(paths_of(directory.path()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_sort_by_their_bytes_wherever_they_differ) {
  for (const auto* alike : {"", "same", "eight888", "a-long-common-prefix-"}) {
    TemporaryDirectory names;
    const std::string prefix = alike;
    const Lines endings{"0",         "1", "10",   "12345678", "123456789", "12345678a",
                        "12345678b", "2", "\x7F", "\xC3\xA9", "\xFF",      "\xFF\xFF"};
    Lines expected;
    for (const auto& ending : endings) expected.push_back(prefix + ending);
    for (const auto& name : expected) names.write_file(name, "");
    BOOST_TEST(paths_of(names.path()) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(any_names_come_in_order) {
  std::mt19937 random(7);
  std::set<std::string> names;
  while (names.size() < 2000) names.insert(random_name(random));
  for (const auto* taken : {".", ".."}) names.erase(taken);
  std::vector<std::pair<std::string, bool>> expected;
  for (const auto& name : names) expected.emplace_back(name, random() % 2 == 0);
  for (const auto& [name, is_directory] : expected) {
    is_directory ? directory.make_directory(name) : directory.write_file(name, "");
  }
  std::sort(expected.begin(), expected.end(), sorts_before);
  const auto found = ream::list_directory(directory.path());
  BOOST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    BOOST_REQUIRE(found[i].path == expected[i].first);
    BOOST_REQUIRE((found[i].type == EntryType::directory) == expected[i].second);
  }
}

BOOST_AUTO_TEST_CASE(links_are_listed_and_not_followed) {
  directory.write_file("d/file", "");
  directory.make_link("d", "to-directory");
  directory.make_link("..", "d/up");
  directory.make_link("nowhere", "dangling");
  const auto entries = ream::list_directory(directory.path());
  BOOST_REQUIRE(entries.size() == 5U);
  const Lines expected{"d", "d/file", "d/up", "dangling", "to-directory"};
  BOOST_TEST(paths_of(directory.path()) == expected, boost::test_tools::per_element());
  for (const auto i : {2U, 3U, 4U}) BOOST_TEST(entries[i].type == EntryType::symlink);
}

BOOST_AUTO_TEST_CASE(every_type_is_told) {
  directory.write_file("file", "");
  directory.make_directory("directory");
  directory.make_link("x", "link");
  BOOST_REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  std::vector<EntryType> types;
  for (const auto& entry : ream::list_directory(directory.path())) types.push_back(entry.type);
  const std::vector<EntryType> expected{EntryType::directory, EntryType::fifo, EntryType::file,
                                        EntryType::symlink};
  BOOST_TEST(types == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_listed_directory_itself_may_be_a_link) {
  directory.write_file("d/file", "");
  directory.make_link("d", "link");
  BOOST_TEST(paths_of(directory / "link") == Lines{"file"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_an_error_that_names_it) {
  try {
    ream::list_directory(directory / "missing");
    BOOST_FAIL("no error");
  } catch (const Error& error) {
    BOOST_TEST(error.operation() == Operation::open_directory);
    BOOST_TEST(error.path() == (directory / "missing").native());
    BOOST_TEST(error.error_number() == ENOENT);
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_no_directory) {
  directory.write_file("file", "");
  BOOST_CHECK_EXCEPTION(ream::list_directory(directory / "file"), Error,
                        [](const Error& error) { return error.error_number() == ENOTDIR; });
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_read_is_an_error_that_names_it) {
  directory.write_file("open/closed/file", "");
  directory.set_mode("open/closed", 0);
  const WithoutRoot without_root;
  try {
    ream::list_directory(directory.path());
    BOOST_FAIL("no error");
  } catch (const Error& error) {
    BOOST_TEST(error.operation() == Operation::open_directory);
    BOOST_TEST(error.path() == (directory / "open/closed").native());
    BOOST_TEST(error.error_number() == EACCES);
  }
}

BOOST_AUTO_TEST_CASE(a_walk_goes_on_behind_a_directory_that_cannot_be_read) {
  for (const auto* name : {"a", "closed/file", "z"}) directory.write_file(name, "");
  directory.set_mode("closed", 0);
  const WithoutRoot without_root;
  TreeWalk walk(directory.path());
  BOOST_TEST(walk.next());
  BOOST_CHECK_THROW(walk.next(), Error);
  BOOST_TEST(rest_of(walk) == Lines{"z"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_need_no_right_to_look_at_the_entries) {
  directory.write_file("d/file", "");
  directory.set_mode("d", 0444);
  const WithoutRoot without_root;
  const Lines expected{"d", "d/file"};
  BOOST_TEST(paths_of(directory.path()) == expected, boost::test_tools::per_element());
  BOOST_CHECK_EXCEPTION(listing_of(directory.path(), {ListFormat::long_}), Error,
                        [&](const Error& error) {
                          return error.operation() == Operation::inspect &&
                                 error.path() == (directory / "d/file").native();
                        });
}

BOOST_AUTO_TEST_CASE(a_directory_that_vanished_is_left_out) {
  directory.make_directory("a");
  directory.write_file("b", "");
  TreeWalk walk(directory.path());
  directory.remove("a");
  BOOST_TEST(rest_of(walk) == Lines{"b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_replaced_by_a_link_is_not_entered) {
  directory.write_file("outside/secret", "");
  directory.make_directory("listed/a");
  TreeWalk walk(directory / "listed");
  directory.remove("listed/a");
  directory.make_link("../outside", "listed/a");
  BOOST_TEST(rest_of(walk).empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_vanished_is_left_out_where_its_status_is_shown) {
  for (const auto format : {ListFormat::long_, ListFormat::json}) {
    directory.write_file("gone", "");
    directory.write_file("stays", "");
    TreeWalk walk(directory.path());
    directory.remove("gone");
    const auto text = format_rest(walk, format);
    BOOST_TEST(text.find("stays") != text.npos);
    BOOST_TEST(text.find("gone") == text.npos);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_became_a_directory_is_left_out_where_its_status_is_shown) {
  directory.write_file("a", "");
  TreeWalk walk(directory.path());
  directory.remove("a");
  directory.make_directory("a");
  BOOST_TEST(format_rest(walk, ListFormat::long_).empty());
}

BOOST_AUTO_TEST_CASE(a_link_that_became_a_file_is_left_out_where_its_target_is_shown) {
  for (const auto format : {ListFormat::long_, ListFormat::json, ListFormat::tree}) {
    directory.make_link("target", "link");
    TreeWalk walk(directory.path());
    directory.remove("link");
    directory.write_file("link", "");
    const auto text = format_rest(walk, format);
    BOOST_TEST(text.find("link") == text.npos);
    directory.remove("link");
  }
}

BOOST_AUTO_TEST_CASE(a_deep_tree_needs_few_descriptors) {
  const DeepTree tree("d", 2000);
  const DescriptorLimit limit(64);
  BOOST_TEST((paths_of(tree.path()) == tree.expected()));
}

BOOST_AUTO_TEST_CASE(no_path_is_too_long_for_a_status) {
  const DeepTree tree(std::string(200, 'd'), 100);
  const DescriptorLimit limit(64);
  const auto text = listing_of(tree.path(), {ListFormat::long_});
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  BOOST_TEST(lines == tree.expected().size());
}

BOOST_AUTO_TEST_CASE(a_tree_that_is_moved_away_beneath_the_walk_ends_it) {
  const DeepTree tree("d", 100);
  TemporaryDirectory elsewhere;
  TreeWalk walk(tree.path());
  while (walk.depth() < 60) BOOST_REQUIRE(walk.next());
  std::string middle = "top";
  for (int i = 0; i < 30; ++i) middle += "/d";
  rename(tree.path() / middle, elsewhere / "moved");
  BOOST_CHECK_EXCEPTION(rest_of(walk), Error, [&](const Error& error) {
    return error.path() == (tree.path() / middle).parent_path().native();
  });
  BOOST_TEST(!walk.next());
}

BOOST_AUTO_TEST_CASE(names_are_paths_line_by_line) {
  directory.write_file("d/a", "");
  directory.write_file("z", "");
  BOOST_TEST(listing_of(directory.path(), {ListFormat::names}) == "d\nd/a\nz\n");
}

BOOST_AUTO_TEST_CASE(lines_may_end_in_nul) {
  directory.write_file("new\nline", "");
  BOOST_TEST(listing_of(directory.path(), {ListFormat::names, true}) ==
             (std::string("new\nline") + '\0'));
  const auto text = listing_of(directory.path(), {ListFormat::long_, true});
  BOOST_TEST(text.back() == '\0');
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(no_listing_is_not_even_a_look_at_the_directory) {
  BOOST_TEST(listing_of(directory / "missing", {ListFormat::none}).empty());
}

BOOST_AUTO_TEST_CASE(a_listing_is_written_in_large_pieces) {
  for (int i = 0; i < 3000; ++i)
    directory.write_file(std::string(240, 'n') + std::to_string(i), "");
  std::vector<std::size_t> sizes;
  ream::write_listing(directory.path(), {},
                      [&](std::string_view piece) { sizes.push_back(piece.size()); });
  BOOST_REQUIRE(sizes.size() > 1U);
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    BOOST_TEST(sizes[i] >= 64U << 10);
    BOOST_TEST(sizes[i] <= 1U << 20);
  }
}

BOOST_AUTO_TEST_CASE(what_the_writing_throws_comes_through) {
  directory.write_file("a", "");
  const auto closed = [](std::string_view) { throw std::runtime_error("closed"); };
  BOOST_CHECK_THROW(ream::write_listing(directory.path(), {}, closed), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_long_line_has_permissions_owner_size_time_and_path) {
  const TimeZone zone("UTC0");
  directory.write_file("d/file", "12345");
  directory.set_mode("d/file", 0640);
  directory.set_mode("d", 0751);
  set_mtime(directory / "d/file", {1'700'000'000, 12'345});
  set_mtime(directory / "d", {0, 0});
  const std::string owner = fmt::format("{:<8} {:<8}", ream::os::user_name(::geteuid()),
                                        ream::os::group_name(::getegid()));
  const auto text = listing_of(directory.path(), {ListFormat::long_});
  const auto first_end = text.find('\n') + 1;
  const auto first = text.substr(0, first_end);
  BOOST_TEST(first.starts_with("drwxr-x--x " + owner + " "), first);
  BOOST_TEST(first.ends_with(" 1970-01-01 00:00:00.000000000 d\n"), first);
  BOOST_TEST(text.substr(first_end) ==
             "-rw-r----- " + owner + "          5 2023-11-14 22:13:20.000012345 d/file\n");
}

BOOST_AUTO_TEST_CASE(a_long_line_has_user_and_group_in_this_order) {
  directory.write_file("file", "");
  const bool may_give_away = ::chown((directory / "file").c_str(), 6, 6) == 0;
  if (!may_give_away) return;
  const std::string owner =
      fmt::format("{:<8} {:<8}", ream::os::user_name(6), ream::os::group_name(6));
  const auto text = listing_of(directory.path(), {ListFormat::long_});
  BOOST_TEST(text.starts_with("-rw-r--r-- " + owner + "          0 "), text);
}

BOOST_AUTO_TEST_CASE(a_long_line_shows_where_a_link_leads) {
  directory.make_link("some/where", "link");
  const auto text = listing_of(directory.path(), {ListFormat::long_});
  BOOST_TEST(text.starts_with("lrwxrwxrwx "), text);
  BOOST_TEST(text.ends_with(" link -> some/where\n"), text);
}

BOOST_AUTO_TEST_CASE(a_long_line_shows_the_numbers_of_a_device) {
  const bool may_make_devices =
      ::mknod((directory / "null").c_str(), S_IFCHR | 0600, (dev_t{1} << 8) | 3) == 0;
  if (!may_make_devices) return;
  const auto text = listing_of(directory.path(), {ListFormat::long_});
  BOOST_TEST(text.starts_with("crw------- "), text);
  BOOST_TEST(text.find("       1, 3 ") != text.npos, text);
}

BOOST_AUTO_TEST_CASE(times_are_local_on_both_sides_of_a_clock_change) {
  const TimeZone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  constexpr std::int64_t summer_ends = 1'698'541'200;  // 2023-10-29 01:00 UTC
  const std::vector<std::pair<FileTime, std::string>> times{
      {{summer_ends - 1, 999'999'999}, "2023-10-29 02:59:59.999999999"},
      {{summer_ends, 0}, "2023-10-29 02:00:00.000000000"},
      {{summer_ends + 1, 0}, "2023-10-29 02:00:01.000000000"},
      {{-1, 500'000'000}, "1970-01-01 00:59:59.500000000"},
      {{summer_ends - 1, 0}, "2023-10-29 02:59:59.000000000"},
  };
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto name = std::to_string(i);
    directory.write_file(name, "");
    set_mtime(directory / name, times[i].first);
  }
  const auto text = listing_of(directory.path(), {ListFormat::long_});
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto line_end = " " + times[i].second + " " + std::to_string(i) + "\n";
    BOOST_TEST(text.find(line_end) != text.npos, text << "has no line that ends in" << line_end);
  }
}

BOOST_AUTO_TEST_CASE(a_tree_is_drawn_with_branches_and_counted) {
  for (const auto* name : {"a/b/c", "a/d", "z/y"}) directory.write_file(name, "");
  directory.make_directory("z/empty");
  directory.make_link("../a", "z/link");
  BOOST_TEST(listing_of(directory.path(), {ListFormat::tree}) == directory.path().native() + R"(
├── a
│   ├── b
│   │   └── c
│   └── d
└── z
    ├── empty
    ├── link -> ../a
    └── y

4 directories, 4 files
)");
}

BOOST_AUTO_TEST_CASE(a_tree_counts_one_as_one) {
  directory.write_file("a/b", "");
  const auto text = listing_of(directory.path(), {ListFormat::tree});
  BOOST_TEST(text.ends_with("\n\n1 directory, 1 file\n"), text);
}

BOOST_AUTO_TEST_CASE(an_empty_tree_is_its_root_and_a_count) {
  BOOST_TEST(listing_of(directory.path(), {ListFormat::tree}) ==
             directory.path().native() + "\n\n0 directories, 0 files\n");
}

BOOST_AUTO_TEST_CASE(no_name_can_break_the_picture_of_a_tree) {
  directory.write_file("new\nline\x1B[31m", "");
  directory.write_file("caf\xC3\xA9", "");
  const auto text = listing_of(directory.path(), {ListFormat::tree});
  BOOST_TEST(text.find("└── new\\x0aline\\x1b[31m\n") != text.npos, text);
  BOOST_TEST(text.find("├── caf\xC3\xA9\n") != text.npos, text);
}

BOOST_AUTO_TEST_CASE(json_is_an_array_of_objects_one_a_line) {
  directory.write_file("d/quote\"\\\n", "12345");
  directory.set_mode("d/quote\"\\\n", 04755);
  directory.set_mode("d", 01777);
  directory.make_link("a\tb", "link");
  set_mtime(directory / "d/quote\"\\\n", {1'700'000'000, 120'000'000});
  set_mtime(directory / "d", {-2, 999'999'999});
  set_mtime(directory / "link", {5, 0});
  const auto text = listing_of(directory.path(), {ListFormat::json});
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 5);
  BOOST_TEST(text.starts_with("[\n{\"path\": \"d\", \"type\": \"directory\", \"size\": "), text);
  auto entries = boost::json::parse(text).as_array();
  BOOST_REQUIRE(entries.size() == 3U);
  entries[0].as_object().erase("size");
  const boost::json::array expected{
      {{"path", "d"}, {"type", "directory"}, {"mode", "1777"}, {"mtime", "-1.000000001"}},
      {{"path", "d/quote\"\\\n"},
       {"type", "file"},
       {"size", 5},
       {"mode", "4755"},
       {"mtime", "1700000000.12"}},
      {{"path", "link"},
       {"type", "symlink"},
       {"size", 3},
       {"mode", "0777"},
       {"mtime", "5"},
       {"target", "a\tb"}}};
  BOOST_TEST(entries == expected);
}

BOOST_AUTO_TEST_CASE(json_carries_names_that_are_not_utf8_in_base64) {
  directory.make_link("\xFFtarget", "\xC0\x80");
  const auto text = listing_of(directory.path(), {ListFormat::json});
  const auto entry = boost::json::parse(text).as_array().at(0).as_object();
  BOOST_TEST(entry.at("path64") == "wIA=");
  BOOST_TEST(entry.at("target64") == "/3RhcmdldA==");
  BOOST_TEST(!entry.contains("path"));
  BOOST_TEST(!entry.contains("target"));
}

BOOST_AUTO_TEST_CASE(json_of_nothing_is_an_empty_array) {
  const auto text = listing_of(directory.path(), {ListFormat::json});
  BOOST_TEST(boost::json::parse(text).as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
