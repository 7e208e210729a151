#define BOOST_TEST_MODULE mounts
#include "os/mounts.hpp"

#include <sched.h>
#include <sys/mount.h>

#include <boost/test/unit_test.hpp>
#include <iostream>

#include "support/forked_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

namespace {

// In a namespace of its own, so that nothing stays mounted whatever happens.
bool mount_twice(const char* place, const char* again) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", place, "tmpfs", MS_NOATIME, "size=64k") == 0 &&
         ::mount(place, again, nullptr, MS_BIND, nullptr) == 0 &&
         ::mount("none", again, nullptr, MS_BIND | MS_REMOUNT | MS_NOEXEC | MS_NOSUID, nullptr) ==
             0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_bind_mount_has_options_of_its_own) {
  const TemporaryDirectory directory;
  directory.make_directory("place");
  directory.make_directory("again");
  const auto ended = test::run_forked([&] {
    const auto place = directory / "place", again = directory / "again";
    if (!mount_twice(place.c_str(), again.c_str())) return;
    std::cout << os::mount_text(place) << "\n" << os::mount_text(again) << "\n";
  });
  if (ended.out.empty()) {
    BOOST_TEST_MESSAGE("nothing may be mounted here");
    return;
  }
  const auto end = ended.out.find('\n');
  const auto place = ended.out.substr(0, end), again = ended.out.substr(end + 1);
  BOOST_TEST(place.starts_with("tmpfs (rw,"), place);
  BOOST_TEST(place.find("noexec") == place.npos, place);
  BOOST_TEST(again.find("noexec") != again.npos, again);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_has_no_mount) {
  BOOST_TEST(os::mount_text("/nowhere/at/all") == "unknown");
}
