#define BOOST_TEST_MODULE entry_writer
#include "sink/entry_writer.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "os/beneath.hpp"
#include "os/clock.hpp"
#include "os/process.hpp"
#include "ream/error.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using sink::EntryWriter;

namespace {

struct Place {
  TemporaryDirectory directory;
  os::Fd root = os::open_root(directory.path().c_str());
  EntryWriter writer{root.get(), {}, IfExists::fail};
  int creating = 0;
  int created = 0;

  sink::EntryResult write(const FileJob& job) {
    return writer.write(0, job, {[this] { ++creating; }, [this] { ++created; }});
  }
};

FileJob file(std::string_view path, Content content) {
  FileJob job;
  job.path = path;
  job.content = content;
  return job;
}

struct ::stat stat_of(const boost::filesystem::path& path) {
  struct ::stat found {};
  BOOST_REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found;
}

// SHA-256 of "abc", from FIPS 180-2, appendix B.1.
constexpr Sha256 digest_of_abc = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                  0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                  0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_written_with_its_steps_told) {
  Place place;
  const auto result = place.write(file("d/a", Bytes{"hello"}));
  BOOST_TEST(result.size() == 5U);
  BOOST_TEST(place.directory.read_file("d/a") == "hello");
  BOOST_TEST(place.creating == 1);
  BOOST_TEST(place.created == 1);
}

BOOST_AUTO_TEST_CASE(without_a_mode_the_umask_decides) {
  Place place;
  const auto before = ::umask(027);
  place.write(file("a", Bytes{"x"}));
  ::umask(before);
  BOOST_TEST((stat_of(place.directory / "a").st_mode & 07777U) == 0640U);
}

BOOST_AUTO_TEST_CASE(a_mode_and_a_time_are_exact_whatever_the_umask) {
  Place place;
  auto job = file("a", Bytes{"x"});
  job.mode = 0666;
  job.mtime = FileTime{-5, 123456789};
  const auto before = ::umask(077);
  place.write(job);
  ::umask(before);
  const auto found = stat_of(place.directory / "a");
  BOOST_TEST((found.st_mode & 07777U) == 0666U);
  BOOST_TEST(found.st_mtim.tv_sec == -5);
  BOOST_TEST(found.st_mtim.tv_nsec == 123456789);
}

BOOST_AUTO_TEST_CASE(a_read_only_file_can_be_written_once) {
  Place place;
  auto job = file("a", Bytes{"x"});
  job.mode = 0400;
  place.write(job);
  BOOST_TEST(place.directory.read_file("a") == "x");
  BOOST_TEST((stat_of(place.directory / "a").st_mode & 07777U) == 0400U);
}

BOOST_AUTO_TEST_CASE(what_exists_is_an_error_and_stays) {
  Place place;
  place.directory.write_file("a", "mine");
  place.directory.make_link("nowhere", "dangling");
  place.directory.make_directory("dir");
  for (const char* path : {"a", "dangling", "dir"}) {
    BOOST_CHECK_EXCEPTION(place.write(file(path, Bytes{"x"})), Error, [](const Error& error) {
      return error.error_number() == EEXIST && error.operation() == Operation::create;
    });
  }
  BOOST_TEST(place.directory.read_file("a") == "mine");
  BOOST_TEST(!place.directory.contains("nowhere"));
  BOOST_TEST(place.created == 0);
}

BOOST_AUTO_TEST_CASE(copies_take_the_sources_content) {
  Place place;
  const std::string content(3'000'000, 'z');
  place.directory.write_file("source", content);
  const auto source = (place.directory / "source").string();
  place.write(file("copy", CopyOf{source}));
  BOOST_TEST((place.directory.read_file("copy") == content));
  BOOST_TEST(place.write(file("of_proc", CopyOf{"/proc/self/comm"})).size() > 0U);  // says: 0 bytes
  BOOST_TEST(place.directory.read_file("of_proc") != "");
}

BOOST_AUTO_TEST_CASE(a_copy_whose_source_fails_leaves_no_file) {
  Place place;
  const auto absent = (place.directory / "absent").string();
  BOOST_CHECK_THROW(place.write(file("copy", CopyOf{absent})), Error);
  BOOST_TEST(!place.directory.contains("copy"));
  BOOST_REQUIRE(::mkfifo((place.directory / "fifo").c_str(), 0600) == 0);
  const auto fifo = (place.directory / "fifo").string();
  BOOST_CHECK_EXCEPTION(place.write(file("copy", CopyOf{fifo})), Error, [](const Error& error) {
    return error.reason() == Reason::not_a_regular_file;
  });
  BOOST_TEST(!place.directory.contains("copy"));
}

BOOST_AUTO_TEST_CASE(a_digest_is_checked_as_it_is_written) {
  Place place;
  auto job = file("a", Bytes{"abc"});
  job.sha256 = digest_of_abc;
  place.write(job);
  BOOST_TEST(place.directory.read_file("a") == "abc");
  auto wrong = file("b", Bytes{"abd"});
  wrong.sha256 = digest_of_abc;
  BOOST_CHECK_EXCEPTION(place.write(wrong), Error, [](const Error& error) {
    return error.reason() == Reason::digest_differs && error.path() == "b";
  });
  BOOST_TEST(!place.directory.contains("b"));
  place.directory.write_file("source", "abc");
  const auto source = (place.directory / "source").string();
  auto copy = file("c", CopyOf{source});
  copy.sha256 = digest_of_abc;
  place.write(copy);
  BOOST_TEST(place.directory.read_file("c") == "abc");
}

BOOST_AUTO_TEST_CASE(links_say_what_they_should_and_keep_their_time) {
  Place place;
  auto job = file("d/l", SymlinkTo{"../x y"});
  job.mtime = FileTime{1000, 1};
  BOOST_TEST((place.write(job).kind() == sink::EntryResult::Kind::link));
  BOOST_TEST(!place.directory.contains("d/l"));
  place.writer.make_link(0, job);
  BOOST_TEST(boost::filesystem::read_symlink(place.directory / "d/l") == "../x y");
  BOOST_TEST(stat_of(place.directory / "d/l").st_mtim.tv_sec == 1000);
  BOOST_CHECK_THROW(place.writer.make_link(0, job), Error);
}

BOOST_AUTO_TEST_CASE(directories_get_mode_and_time_at_the_end) {
  Place place;
  auto job = file("d", Directory{});
  job.mode = 0510;
  job.mtime = FileTime{2000, 5};
  place.write(job);
  place.write(file("d/a", Bytes{"x"}));
  place.writer.finish_directory(job, os::file_clock_now());
  const auto found = stat_of(place.directory / "d");
  BOOST_TEST((found.st_mode & 07777U) == 0510U);
  BOOST_TEST(found.st_mtim.tv_sec == 2000);
  BOOST_TEST(found.st_mtim.tv_nsec == 5);
}

BOOST_AUTO_TEST_CASE(undo_removes_what_was_recorded_as_created) {
  Place place;
  place.directory.write_file("d/a", "half");
  BOOST_TEST(
      !place.writer.undo(0, file("d/a", Bytes{"whole"}), true, os::file_clock_now()).complete_size);
  BOOST_TEST(!place.directory.contains("d/a"));
}

BOOST_AUTO_TEST_CASE(undo_removes_an_empty_file_that_was_born_after_the_batch_began) {
  Place place;
  const auto began = os::file_clock_now();
  os::sleep_milliseconds(20);  // the clock of files has steps of up to 10 ms
  place.directory.write_file("a", "");
  place.writer.undo(0, file("a", Bytes{"whole"}), false, began);
  BOOST_TEST(!place.directory.contains("a"));
}

BOOST_AUTO_TEST_CASE(undo_leaves_what_may_be_somebody_elses) {
  Place place;
  place.directory.write_file("old", "");
  os::sleep_milliseconds(20);  // the clock of files has steps of up to 10 ms
  const auto began = os::file_clock_now();
  place.directory.write_file("full", "theirs");
  place.directory.make_link("full", "link");
  place.directory.make_directory("dir");
  for (const char* path : {"old", "full", "link", "dir"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(!place.writer.undo(0, file(path, Bytes{"whole"}), false, began).complete_size);
      BOOST_TEST(place.directory.contains(path));
    }
  }
  BOOST_TEST(!place.writer.undo(0, file("absent/x", Bytes{"x"}), true, began).complete_size);
  BOOST_TEST(!place.directory.contains("absent"));
}

BOOST_AUTO_TEST_CASE(undo_knows_a_complete_file) {
  Place place;
  const auto began = os::file_clock_now();
  place.directory.write_file("a", "whole");
  BOOST_TEST(*place.writer.undo(0, file("a", Bytes{"whole"}), false, began).complete_size == 5U);
  BOOST_TEST(!place.writer.undo(0, file("a", Bytes{"whOle"}), false, began).complete_size);
  BOOST_TEST(!place.writer.undo(0, file("a", Fill{"w", 5}), false, began).complete_size);
  auto other_mode = file("a", Bytes{"whole"});
  other_mode.mode = 0611;
  BOOST_TEST(!place.writer.undo(0, other_mode, false, began).complete_size);
  auto other_time = file("a", Bytes{"whole"});
  other_time.mtime = FileTime{5, 0};
  BOOST_TEST(!place.writer.undo(0, other_time, false, began).complete_size);
  BOOST_TEST(place.directory.contains("a"));
}

BOOST_AUTO_TEST_CASE(undo_leaves_an_empty_file_that_was_born_in_the_very_tick_of_the_beginning) {
  Place place;
  place.directory.write_file("a", "");
  const auto born = os::status({place.root.get(), "a"})->born;
  if (!born) return;  // the filesystem does not tell
  place.writer.undo(0, file("a", Bytes{"x"}), false, *born);
  BOOST_TEST(place.directory.contains("a"));
}

BOOST_AUTO_TEST_CASE(undo_removes_it_where_nobody_else_makes_files) {
  Place place;
  sink::EntryWriter alone(place.root.get(), {.alone = true}, IfExists::fail);
  place.directory.write_file("a", "");
  place.directory.write_file("full", "of another line of the plan");
  const auto began = os::file_clock_now();
  alone.undo(0, file("a", Bytes{"x"}), false, began);
  alone.undo(1, file("full", Bytes{"x"}), false, began);
  BOOST_TEST(!place.directory.contains("a"));
  BOOST_TEST(place.directory.contains("full"));
}
