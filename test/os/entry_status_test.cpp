#define BOOST_TEST_MODULE entry_status
#include "os/entry_status.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <map>
#include <string>

#include "os/beneath.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

BOOST_AUTO_TEST_CASE(the_status_of_a_link_is_its_own) {
  const TemporaryDirectory directory;
  directory.write_file("file", "12345");
  directory.make_link("file", "link");
  const auto fd = os::open_root(directory.path().c_str());
  const auto link = os::entry_status({fd.get(), "link"});
  const auto file = os::entry_status({fd.get(), "file"});
  BOOST_REQUIRE((link && file));
  BOOST_TEST((os::file_type(link->mode) == os::FileType::symlink));
  BOOST_TEST((os::file_type(file->mode) == os::FileType::regular));
  BOOST_TEST(file->size == 5U);
  BOOST_TEST(file->user == ::geteuid());
}

BOOST_AUTO_TEST_CASE(the_status_of_a_missing_entry_is_empty) {
  const TemporaryDirectory directory;
  const auto fd = os::open_root(directory.path().c_str());
  BOOST_TEST(!os::entry_status({fd.get(), "missing"}));
  BOOST_TEST(errno == ENOENT);
}

BOOST_AUTO_TEST_CASE(the_status_of_a_device_says_which) {
  const auto null = os::entry_status({AT_FDCWD, "/dev/null"});
  BOOST_REQUIRE(null.has_value());
  BOOST_TEST((os::file_type(null->mode) == os::FileType::character_device));
  BOOST_TEST(null->device_major == 1U);
  BOOST_TEST(null->device_minor == 3U);
}

BOOST_AUTO_TEST_CASE(permissions_look_as_ls_shows_them) {
  const std::map<mode_t, std::string> texts{
      {S_IFREG | 0644, "-rw-r--r--"},
      {S_IFDIR | 0755, "drwxr-xr-x"},
      {S_IFLNK | 0777, "lrwxrwxrwx"},
      {S_IFIFO | 0000, "p---------"},
      {S_IFSOCK | 0421, "sr---w---x"},
      {S_IFCHR | 0666, "crw-rw-rw-"},
      {S_IFBLK | 0660, "brw-rw----"},
      {S_IFREG | 07777, "-rwsrwsrwt"},
      {S_IFREG | 07000, "---S--S--T"},
      {S_IFDIR | 01777, "drwxrwxrwt"},
      {0, "?---------"},
  };
  for (const auto& [mode, text] : texts) BOOST_TEST(os::permissions_text(mode) == text);
}

BOOST_AUTO_TEST_CASE(an_account_without_a_name_is_its_number) {
  BOOST_TEST(os::user_name(0) == "root");
  BOOST_TEST(os::group_name(0) == "root");
  BOOST_TEST(os::user_name(4'000'000'123U) == "4000000123");
  BOOST_TEST(os::group_name(4'000'000'124U) == "4000000124");
}
