#define BOOST_TEST_MODULE directory_walk
#include "os/directory_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <functional>
#include <map>
#include <string>

#include "support/temporary_directory.hpp"

namespace {

// Stands in for a filesystem that does not record types: those of older XFS and of some in user
// space.
bool types_are_unrecorded = false;
std::function<void()> after_reading_names = [] {};

void forget_types(char* begin, const char* end) {
  while (begin < end) {
    auto* entry = static_cast<dirent64*>(static_cast<void*>(begin));
    entry->d_type = DT_UNKNOWN;
    begin += entry->d_reclen;
  }
}

}  // namespace

// Takes the place of the C library's.
extern "C" ssize_t getdents64(int directory, void* buffer, size_t size) noexcept {
  const auto got = static_cast<ssize_t>(::syscall(SYS_getdents64, directory, buffer, size));
  auto* bytes = static_cast<char*>(buffer);
  if (types_are_unrecorded && got > 0) forget_types(bytes, bytes + got);
  if (got > 0) after_reading_names();
  return got;
}

namespace ream::os {

// A name for messages of a failed check.
std::ostream& operator<<(std::ostream& out, FileType type) {
  return out << "type " << static_cast<int>(type);
}

}  // namespace ream::os

namespace {

using ream::os::DirectoryContent;
using ream::os::DirectoryReader;
using ream::os::Fd;
using ream::os::FileType;

Fd open_directory(const boost::filesystem::path& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::map<std::string, FileType> by_name(const DirectoryContent& content) {
  std::map<std::string, FileType> types;
  for (const auto& entry : content.entries()) {
    types.emplace(std::string(content.name(entry)), entry.type);
  }
  return types;
}

std::map<std::string, FileType> read(const boost::filesystem::path& path) {
  DirectoryContent content;
  BOOST_REQUIRE(DirectoryReader().read(open_directory(path).get(), content));
  BOOST_TEST(by_name(content).size() == content.entries().size());
  return by_name(content);
}

struct Fixture {
  Fixture() {
    types_are_unrecorded = false;
    after_reading_names = [] {};
  }
  TemporaryDirectory directory;
};

void make_one_of_each(const TemporaryDirectory& directory) {
  directory.write_file("file", "");
  directory.make_directory("directory");
  directory.make_link("nowhere", "link");
  BOOST_REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  BOOST_REQUIRE(::mknod((directory / "socket").c_str(), S_IFSOCK | 0600, 0) == 0);
}

const std::map<std::string, FileType> one_of_each{{"file", FileType::regular},
                                                  {"directory", FileType::directory},
                                                  {"link", FileType::symlink},
                                                  {"fifo", FileType::fifo},
                                                  {"socket", FileType::socket}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(directory_walk, Fixture)

BOOST_AUTO_TEST_CASE(entries_have_their_names_and_types) {
  make_one_of_each(directory);
  BOOST_TEST((read(directory.path()) == one_of_each));
}

BOOST_AUTO_TEST_CASE(devices_have_their_types) {
  const auto types = read("/dev");
  BOOST_REQUIRE(types.count("null") == 1);
  BOOST_TEST(types.at("null") == FileType::character_device);
}

BOOST_AUTO_TEST_CASE(only_the_directory_itself_and_its_parent_are_left_out) {
  for (const auto* name : {".a", "..", "..a", "...", ". "}) {
    if (name != std::string("..")) directory.write_file(name, "");
  }
  BOOST_TEST(read(directory.path()).size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_empty_directory_has_no_entries) {
  BOOST_TEST(read(directory.path()).empty());
}

BOOST_AUTO_TEST_CASE(more_names_than_one_call_returns_are_all_read) {
  const std::string long_name(250, 'n');
  for (int i = 0; i < 3000; ++i) directory.write_file(long_name + std::to_string(i), "");
  const auto types = read(directory.path());
  BOOST_TEST(types.size() == 3000U);
  BOOST_TEST(types.count(long_name + "2999") == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_is_any_bytes_and_followed_by_nul) {
  const std::string name = "a\n\xFF\x01 \xC3\xA9";
  directory.write_file(name, "");
  DirectoryContent content;
  BOOST_REQUIRE(DirectoryReader().read(open_directory(directory.path()).get(), content));
  const auto found = content.name(content.entries().at(0));
  BOOST_TEST(found == name);
  BOOST_TEST(found.data()[found.size()] == '\0');
}

BOOST_AUTO_TEST_CASE(reading_another_directory_replaces_the_content) {
  directory.write_file("first/a", "");
  directory.write_file("second/b", "");
  DirectoryReader reader;
  DirectoryContent content;
  BOOST_REQUIRE(reader.read(open_directory(directory / "first").get(), content));
  BOOST_REQUIRE(reader.read(open_directory(directory / "second").get(), content));
  BOOST_TEST((by_name(content) == std::map<std::string, FileType>{{"b", FileType::regular}}));
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_recorded_is_asked_for) {
  make_one_of_each(directory);
  types_are_unrecorded = true;
  BOOST_TEST((read(directory.path()) == one_of_each));
}

BOOST_AUTO_TEST_CASE(an_entry_that_vanished_before_it_was_asked_for_is_left_out) {
  directory.write_file("a", "");
  directory.write_file("b", "");
  types_are_unrecorded = true;
  after_reading_names = [&] { directory.remove("a"); };
  const auto types = read(directory.path());
  BOOST_TEST(types.size() == 1U);
  BOOST_TEST(types.count("b") == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_cannot_be_read) {
  directory.write_file("file", "");
  const Fd file(::open((directory / "file").c_str(), O_RDONLY));
  DirectoryContent content;
  BOOST_TEST(!DirectoryReader().read(file.get(), content));
  BOOST_TEST(errno == ENOTDIR);
}

BOOST_AUTO_TEST_CASE(a_directory_opened_again_has_the_same_identity) {
  directory.make_directory("a");
  directory.make_directory("b");
  const Fd a = open_directory(directory / "a");
  const auto identity = ream::os::directory_identity(a.get());
  BOOST_REQUIRE(identity.has_value());
  const Fd again = open_directory(directory / "a/../a");
  BOOST_TEST((ream::os::directory_identity(again.get()) == identity));
  BOOST_TEST((ream::os::directory_identity(open_directory(directory / "b").get()) != identity));
  BOOST_TEST(!ream::os::directory_identity(-1));
}

BOOST_AUTO_TEST_SUITE_END()
