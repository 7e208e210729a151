#define BOOST_TEST_MODULE remove_tree
#include "os/remove_tree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "support/children.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"

using namespace ream;

namespace {

bool remove(const TemporaryDirectory& directory, const char* name) {
  return os::remove_tree(os::from_here((directory / name).c_str()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_that_is_beneath_goes_and_nothing_else) {
  const TemporaryDirectory directory;
  directory.write_file("tree/a/b/c", "x");
  directory.write_file("tree/a/d/0", "named as what is moved up");
  directory.write_file("tree/0/0/0", "x");
  directory.make_directory("tree/1/empty");
  directory.write_file("outside/kept", "x");
  directory.make_link("../outside", "tree/a/link");
  BOOST_REQUIRE(::mkfifo((directory / "tree/a/fifo").c_str(), 0600) == 0);
  BOOST_TEST(remove(directory, "tree"));
  BOOST_TEST(!directory.contains("tree"));
  BOOST_TEST(directory.read_file("outside/kept") == "x");
}

BOOST_AUTO_TEST_CASE(two_thousand_levels_take_few_descriptors) {
  const TemporaryDirectory directory;
  directory.make_directory("tree");
  const auto made = test::run("sh", {"-c",
                                     "cd \"$1\"; for i in $(seq 2000); do mkdir d && cd d; done; "
                                     "touch file",
                                     "sh", (directory / "tree").string()});
  BOOST_REQUIRE(made.exit_code == 0);
  const auto before = test::open_descriptors();
  BOOST_TEST(remove(directory, "tree"));
  BOOST_TEST(!directory.contains("tree"));
  BOOST_TEST(test::open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(directories_that_their_owner_closed_are_opened_up) {
  const TemporaryDirectory directory;
  directory.set_mode(".", 0777);
  const WithoutRoot without_root;
  directory.write_file("tree/a/b/c", "x");
  directory.write_file("tree/read-only/file", "x");
  directory.set_mode("tree/a/b", 0);
  directory.set_mode("tree/a", 0500);
  directory.set_mode("tree/read-only", 0555);
  directory.set_mode("tree", 0500);
  BOOST_TEST(remove(directory, "tree"));
  BOOST_TEST(!directory.contains("tree"));
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_tree_is_not_followed) {
  const TemporaryDirectory directory;
  directory.write_file("outside/kept", "x");
  directory.make_link("outside", "tree");
  BOOST_TEST(!remove(directory, "tree"));
  BOOST_TEST(directory.read_file("outside/kept") == "x");
}

BOOST_AUTO_TEST_CASE(what_is_bound_beneath_keeps_its_mode) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a filesystem needs root");
    return;
  }
  const TemporaryDirectory directory;
  directory.write_file("source/kept", "x");
  directory.make_directory("tree/a/b");
  directory.set_mode("source", 0500);
  const auto place = (directory / "tree/a/b").string();
  BOOST_REQUIRE(test::run("mount", {"--bind", (directory / "source").string(), place}).exit_code ==
                0);
  const bool removed = remove(directory, "tree");
  BOOST_TEST(test::run("umount", {place}).exit_code == 0);
  BOOST_TEST(!removed);
  BOOST_TEST(boost::filesystem::status(directory / "source").permissions() == 0500);
  BOOST_TEST(directory.read_file("source/kept") == "x");
}

BOOST_AUTO_TEST_CASE(what_is_mounted_beneath_stays_and_the_rest_goes) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a filesystem needs root");
    return;
  }
  for (const std::string place : {"tree/mounted", "tree/a/mounted"}) {
    const TemporaryDirectory directory;
    directory.make_directory(place);
    directory.write_file("tree/other/file", "x");
    const auto path = (directory / place).string();
    BOOST_REQUIRE(test::run("mount", {"-t", "tmpfs", "none", path}).exit_code == 0);
    directory.write_file(place + "/kept", "x");
    errno = 0;
    const bool removed = remove(directory, "tree");
    const int error_number = errno;
    BOOST_TEST(directory.read_file(place + "/kept") == "x");
    BOOST_TEST(test::run("umount", {path}).exit_code == 0);
    BOOST_TEST(!removed);
    BOOST_TEST(error_number == EBUSY);
    BOOST_TEST(!directory.contains("tree/other"));
    BOOST_TEST(directory.contains(place));
  }
}
