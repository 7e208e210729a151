#define BOOST_TEST_MODULE run_mark
#include "sink/run_mark.hpp"

#include <sys/file.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "os/beneath.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"

using namespace ream;
using sink::dead_runs;
using sink::RunMark;

namespace {

// A directory in which marks stand.
struct Place {
  TemporaryDirectory directory;
  os::Fd fd = os::open_root(directory.path().c_str());

  RunMark mark(std::string_view stem = "out") { return {fd.get(), stem, "place"}; }
  std::vector<RunMark> dead(std::string_view stem = "out") {
    return dead_runs(fd.get(), stem, "place");
  }

  // Of a run that was killed.
  std::string dead_name(std::string_view stem = "out") {
    const auto name = mark(stem).name();
    directory.write_file(name + ".lock", "");
    directory.set_mode(name + ".lock", 0600);
    return name;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_mark_has_a_name_of_its_own_and_a_lock_file_as_long_as_it_lives) {
  Place place;
  std::string name;
  {
    const auto mark = place.mark();
    const auto other = place.mark();
    name = mark.name();
    BOOST_TEST(name.starts_with(".out.ream-"));
    BOOST_TEST(name != other.name());
    BOOST_TEST(place.directory.contains(name + ".lock"));
    BOOST_TEST(mark.temporary_prefix() == name.substr(4) + ".");
  }
  BOOST_TEST(!place.directory.contains(name + ".lock"));
}

BOOST_AUTO_TEST_CASE(another_run_that_lives_is_seen_and_nothing_else) {
  Place place;
  place.dead_name();
  const auto own = place.mark();
  const auto of_others = place.mark("other");
  BOOST_TEST(!sink::other_run_lives(place.fd.get(), "out", own));
  {
    const auto second = place.mark();
    BOOST_TEST(sink::other_run_lives(place.fd.get(), "out", own));
    BOOST_TEST(sink::other_run_lives(place.fd.get(), "out", second));
    BOOST_TEST(place.directory.contains(second.name() + ".lock"));
  }
  BOOST_TEST(!sink::other_run_lives(place.fd.get(), "out", own));
}

BOOST_AUTO_TEST_CASE(a_run_that_lives_is_not_dead) {
  Place place;
  const auto mark = place.mark();
  BOOST_TEST(place.dead().empty());
  Process other([&] { BOOST_TEST(place.dead().empty()); });
  other.start();
  other.join();
  BOOST_TEST(other.exitcode().value() == 0);
}

BOOST_AUTO_TEST_CASE(a_child_that_outlives_the_run_keeps_its_mark_alive) {
  Place place;
  const test::Gate go;
  Process run([&] {
    const auto mark = place.mark();
    if (::fork() == 0) {
      go.wait();
      ::_exit(0);
    }
    ::_exit(0);  // as if killed: nothing is removed
  });
  run.start();
  run.join();
  BOOST_TEST(place.dead().empty());
  go.open();
  BOOST_TEST(test::eventually([&] { return place.dead().size() == 1U; }));
}

BOOST_AUTO_TEST_CASE(the_mark_of_a_killed_run_is_taken_and_goes) {
  Place place;
  const auto name = place.dead_name();
  {
    const auto dead = place.dead();
    BOOST_REQUIRE(dead.size() == 1U);
    BOOST_TEST(dead[0].name() == name);
    BOOST_TEST(place.dead().empty());  // it has an owner again
  }
  BOOST_TEST(!place.directory.contains(name + ".lock"));
}

BOOST_AUTO_TEST_CASE(a_mark_that_is_kept_is_dead_again) {
  Place place;
  const auto name = place.dead_name();
  for (auto& mark : place.dead()) mark.keep();
  BOOST_TEST(place.directory.contains(name + ".lock"));
  BOOST_TEST(place.dead().size() == 1U);
}

BOOST_AUTO_TEST_CASE(other_names_and_other_files_are_left_alone) {
  Place place;
  const std::string token = "0123456789abcdef";
  const auto lock = ".out.ream-" + token + ".lock";
  const std::vector<std::string> others = {
      ".other.ream-" + token + ".lock",  ".out.ream-" + token,       ".out.ream-0123.lock",
      ".out.ream-0123456789ABCDEF.lock", ".ream-" + token + ".lock", "out.ream-" + token + ".lock"};
  for (const auto& name : others) {
    place.directory.write_file(name, "");
  }
  BOOST_TEST(place.dead().empty());

  place.directory.write_file(lock, "somebody's text");
  BOOST_TEST(place.dead().empty());
  place.directory.remove(lock);

  place.directory.write_file("elsewhere", "");
  place.directory.make_link("elsewhere", lock);
  BOOST_TEST(place.dead().empty());
  place.directory.remove(lock);

  boost::filesystem::create_hard_link(place.directory / "elsewhere", place.directory / lock);
  BOOST_TEST(place.dead().empty());
  place.directory.remove(lock);

  place.directory.make_directory(lock);
  BOOST_TEST(place.dead().empty());
}

BOOST_AUTO_TEST_CASE(another_users_mark_is_left_alone) {
  Place place;
  place.directory.set_mode(".", 0777);
  place.dead_name();
  if (::geteuid() != 0) return;
  const WithoutRoot without_root;
  BOOST_TEST(place.dead().empty());
}

BOOST_AUTO_TEST_CASE(stems_of_any_length_have_marks_of_their_own) {
  Place place;
  const std::string one = std::string(254, 'x') + "1";
  const std::string two = std::string(254, 'x') + "2";
  place.dead_name(one);
  BOOST_TEST(place.dead(two).empty());
  BOOST_TEST(place.dead(one).size() == 1U);
  place.dead_name("");
  BOOST_TEST(place.dead("").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_directory_without_room_for_a_mark_is_named) {
  Place place;
  place.directory.set_mode(".", 0555);
  if (::geteuid() != 0) return;
  const WithoutRoot without_root;
  BOOST_CHECK_EXCEPTION(place.mark(), Error, [](const Error& error) {
    return error.error_number() == EACCES && error.path().starts_with("place/.out.ream-");
  });
}
