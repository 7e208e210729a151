#define BOOST_TEST_MODULE atomic
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>

#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/meddling_plan.hpp"
#include "support/mounted_filesystem.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/without_root.hpp"

using namespace ream;
using test::Gate;
using test::MeddlingPlan;
namespace fs = boost::filesystem;

namespace ream {
std::ostream& operator<<(std::ostream& out, Atomic atomic) {
  return out << static_cast<int>(atomic);
}
}  // namespace ream

namespace {

const auto all_kinds = {Atomic::automatic, Atomic::none, Atomic::file, Atomic::batch};

WriteOptions atomic(Atomic what, unsigned workers = 2) {
  WriteOptions options;
  options.atomic = what;
  options.workers = workers;
  return options;
}

std::unique_ptr<Plan> files(std::uint64_t count, std::uint64_t size = 10) {
  GeneratorOptions options;
  options.count = count;
  options.size = size;
  return make_generator(options);
}

std::unique_ptr<Plan> manifest(const TemporaryDirectory& directory, const std::string& text) {
  directory.write_file("manifest", text);
  return open_manifest(directory / "manifest");
}

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

// Nothing beside `expected` entries, hidden ones counted too.
void check_nothing_else(const TemporaryDirectory& directory, std::size_t expected) {
  BOOST_TEST(entries_in(directory.path()) == expected);
}

bool is_not_published(const Error& error) {
  return error.operation() == Operation::publish;
}

}  // namespace

BOOST_DATA_TEST_CASE(every_kind_writes_the_same_and_leaves_nothing_beside, all_kinds, kind) {
  const TemporaryDirectory directory;
  const auto report = write_batch(*files(50), directory / "a/b/out", atomic(kind));
  BOOST_TEST(report.complete());
  BOOST_TEST(report.files == 50U);
  BOOST_TEST(entries_in(directory / "a/b/out") == 50U);
  check_nothing_else(directory, 1);
  BOOST_TEST(entries_in(directory / "a/b") == 1U);
}

BOOST_AUTO_TEST_CASE(a_batch_is_not_seen_before_it_is_complete_and_files_are) {
  for (const auto kind : {Atomic::automatic, Atomic::batch, Atomic::file, Atomic::none}) {
    const TemporaryDirectory directory;
    const test::Shared<std::atomic<bool>> seen;
    const auto whole = files(2000);
    const MeddlingPlan plan(*whole, 1999, [&] {
      *seen = directory.contains("out") && entries_in(directory / "out") > 0;
    });
    write_batch(plan, directory / "out", atomic(kind));
    BOOST_TEST(*seen == (kind == Atomic::file || kind == Atomic::none));
  }
}

// A fill of a size that no write ends with by chance, seen by a loop of looks.
BOOST_AUTO_TEST_CASE(a_file_is_not_seen_before_it_is_complete) {
  constexpr std::uint64_t size = 3'000'000;
  for (const auto kind : {Atomic::file, Atomic::none}) {
    const TemporaryDirectory directory;
    const Gate done;
    const test::Shared<std::atomic<unsigned>> short_ones;
    const test::Shared<std::atomic<unsigned>> looks;
    Process reader([&] {
      boost::system::error_code gone;
      for (; !done.is_open(); ++*looks) {
        for (int i = 1; i <= 40; ++i) {
          const auto found = fs::file_size(directory / ("out/info" + std::to_string(i)), gone);
          if (!gone && found != size) ++*short_ones;
        }
      }
    });
    reader.start();
    test::eventually([&] { return *looks > 0; });
    write_batch(*files(40, size), directory / "out", atomic(kind));
    done.open();
    reader.join();
    BOOST_TEST((*short_ones > 0) == (kind == Atomic::none));
  }
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_leaves_everything_as_it_was) {
  const std::string bad = R"({"path": "a", "content": "x"}
{"path": "b", "from": "absent"}
{"path": "d", "directory": true, "mode": "0555"}
{"path": "d/c", "content": "x"}
)";
  for (const bool keep_going : {false, true}) {
    for (const bool there : {false, true}) {
      const TemporaryDirectory directory;
      if (there) directory.make_directory("new/out");
      auto options = atomic(Atomic::automatic);
      options.keep_going = keep_going;
      const auto report = write_batch(*manifest(directory, bad), directory / "new/out", options);
      BOOST_TEST(!report.complete());
      BOOST_TEST(report.withdrawn);
      BOOST_TEST(report.files + report.directories + report.bytes == 0U);
      BOOST_TEST(report.failures.size() == 1U);
      BOOST_TEST(directory.contains("new") == there);
      if (there) BOOST_TEST(fs::is_empty(directory / "new/out"));
      if (there) BOOST_TEST(entries_in(directory / "new") == 1U);
      check_nothing_else(directory, there ? 2 : 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_stopped_leaves_nothing) {
  const TemporaryDirectory directory;
  auto options = atomic(Atomic::automatic);
  options.stop_signals = {SIGUSR1};
  options.on_progress = [&](const WriteProgress&) { ::raise(SIGUSR1); };
  const auto report = write_batch(*files(100'000, 4096), directory / "out", options);
  BOOST_TEST((report.stopped_by == SIGUSR1));
  BOOST_TEST(report.withdrawn);
  check_nothing_else(directory, 0);
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_found_while_the_batch_is_written_and_nothing_is_there) {
  for (const std::string last : {
           R"({"path": "../x", "content": ""})",
           R"({"path": "1", "content": ""})",
           R"({"path": "1/below", "content": ""})",
           R"({"path": "d", "directory": true})",
           R"({"path": "d/e", "directory": true})",
           R"({"path": "x", "content": 1})",
           R"({"path": "d", "symlink": "x"})",
       }) {
    for (const auto kind : all_kinds) {
      const TemporaryDirectory directory;
      std::string text = R"({"path": "d", "directory": true})"
                         "\n"
                         R"({"path": "d/e", "directory": true})"
                         "\n";
      for (int i = 0; i < 300; ++i) {
        text += R"({"path": ")" + std::to_string(i) + R"(", "content": "x"})" + "\n";
      }
      const auto plan = manifest(directory, text + last + "\n");
      BOOST_TEST_CONTEXT(last << " " << kind) {
        BOOST_CHECK_EXCEPTION(
            write_batch(*plan, directory / "out", atomic(kind)), InputError,
            [](const InputError& error) { return error.place().ends_with(":303"); });
        check_nothing_else(directory, 1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_published_directory_has_the_mode_that_mkdir_gives) {
  const TemporaryDirectory directory;
  directory.make_directory("parent");
  directory.set_mode("parent", 02775);  // set-group-ID is handed down
  const auto umask = ::umask(027);
  write_batch(*files(1), directory / "parent/out", atomic(Atomic::batch));
  directory.make_directory("parent/made");
  ::umask(umask);
  const auto wanted = fs::status(directory / "parent/made").permissions();
  BOOST_TEST(fs::status(directory / "parent/out").permissions() == wanted);
}

BOOST_AUTO_TEST_CASE(an_empty_directory_keeps_its_mode_owner_and_attributes) {
  const TemporaryDirectory directory;
  directory.make_directory("out");
  const auto path = (directory / "out").string();
  const bool root = ::geteuid() == 0;
  const bool has_attributes = ::setxattr(path.c_str(), "user.ream", "value", 5, 0) == 0;
  if (root) BOOST_REQUIRE(::chown(path.c_str(), 0, 12) == 0);
  directory.set_mode("out", 03710);
  struct stat before {};
  ::stat(path.c_str(), &before);
  const auto report = write_batch(*files(3), path, atomic(Atomic::automatic));
  struct stat after {};
  ::stat(path.c_str(), &after);
  BOOST_TEST(report.complete());
  BOOST_TEST(after.st_ino != before.st_ino);  // it was replaced
  BOOST_TEST(after.st_mode == before.st_mode);
  BOOST_TEST(after.st_uid == before.st_uid);
  BOOST_TEST(after.st_gid == before.st_gid);
  char value[10] = {};
  if (has_attributes) {
    BOOST_TEST(::getxattr(path.c_str(), "user.ream", value, sizeof value) == 5);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_replaced_is_written_into) {
  const auto stays = [](const fs::path& path, const fs::path& given) {
    struct stat before {};
    ::stat(path.c_str(), &before);
    const auto report = write_batch(*files(3), given, atomic(Atomic::automatic));
    struct stat after {};
    ::stat(path.c_str(), &after);
    return report.complete() && after.st_ino == before.st_ino && entries_in(path) >= 3U;
  };
  const TemporaryDirectory directory;
  for (const char* name : {"full", "linked", "dot", "foreign", "stood-in"}) {
    directory.make_directory(name);
  }
  directory.write_file("full/x", "x");
  BOOST_TEST(stays(directory / "full", directory / "full"));

  directory.make_link("linked", "link");
  BOOST_TEST(stays(directory / "linked", directory / "link"));
  BOOST_TEST(fs::is_symlink(directory / "link"));

  BOOST_TEST(stays(directory / "dot", directory / "dot/."));

  const Gate go;
  const test::Shared<std::atomic<bool>> there;
  Process stander([&] {
    fs::current_path(directory / "stood-in");
    *there = true;
    go.wait();
  });
  stander.start();
  BOOST_TEST(test::eventually([&] { return there->load(); }));
  BOOST_TEST(stays(directory / "stood-in", directory / "stood-in"));
  go.open();

  if (::geteuid() != 0) return;
  BOOST_REQUIRE(::chown((directory / "foreign").c_str(), 65534, 65534) == 0);
  BOOST_TEST(stays(directory / "foreign", directory / "foreign"));
  directory.make_directory("closed/out");
  BOOST_REQUIRE(::chown((directory / "closed/out").c_str(), 65534, 65534) == 0);
  const WithoutRoot without_root;
  BOOST_TEST(stays(directory / "closed/out", directory / "closed/out"));
}

BOOST_AUTO_TEST_CASE(a_mount_point_is_written_into_and_a_batch_onto_it_is_refused) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a filesystem needs root");
    return;
  }
  const TemporaryDirectory directory;
  directory.make_directory("out");
  const test::MountedTmpfs mounted(directory / "out", "1m");
  BOOST_CHECK_EXCEPTION(write_batch(*files(3), directory / "out", atomic(Atomic::batch)), Error,
                        is_not_published);
  BOOST_TEST(fs::is_empty(directory / "out"));
  BOOST_TEST(write_batch(*files(3), directory / "out").complete());
  BOOST_TEST(entries_in(directory / "out") == 3U);
}

BOOST_AUTO_TEST_CASE(a_batch_goes_to_where_a_link_leads) {
  const TemporaryDirectory directory;
  directory.make_directory("elsewhere/real");
  directory.make_link("elsewhere/real", "out");
  BOOST_TEST(write_batch(*files(3), directory / "out", atomic(Atomic::batch)).complete());
  BOOST_TEST(fs::is_symlink(directory / "out"));
  BOOST_TEST(entries_in(directory / "elsewhere/real") == 3U);
  BOOST_TEST(entries_in(directory / "elsewhere") == 1U);
}

BOOST_AUTO_TEST_CASE(a_batch_is_refused_before_it_begins_where_it_cannot_be_published) {
  const TemporaryDirectory directory;
  directory.write_file("full/x", "x");
  directory.write_file("file", "x");
  directory.make_link("nowhere", "dangling");
  for (const char* name : {"full", "file", "dangling", "full/..", "full/."}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK_THROW(write_batch(*files(3), directory / name, atomic(Atomic::batch)), Error);
    }
  }
  BOOST_TEST(entries_in(directory / "full") == 1U);
  check_nothing_else(directory, 3);
}

BOOST_AUTO_TEST_CASE(what_appears_meanwhile_in_the_place_of_the_directory_stays) {
  for (const bool was_there : {false, true}) {
    const TemporaryDirectory directory;
    if (was_there) directory.make_directory("out");
    auto options = atomic(Atomic::batch);
    options.on_progress = [&](const WriteProgress&) { directory.write_file("out/theirs", "x"); };
    const auto report = write_batch(*files(20), directory / "out", options);
    BOOST_TEST((report.withdrawn && !report.complete()));
    BOOST_TEST(report.trouble.starts_with("cannot publish"));
    BOOST_TEST(directory.read_file("out/theirs") == "x");
    BOOST_TEST(entries_in(directory / "out") == 1U);
    check_nothing_else(directory, 1);
  }
}

BOOST_DATA_TEST_CASE(a_file_that_appears_meanwhile_stays, (std::vector{Atomic::file, Atomic::none}),
                     kind) {
  const TemporaryDirectory directory;
  auto options = atomic(kind);
  options.keep_going = true;
  const auto whole = files(20);
  const auto report =
      write_batch(MeddlingPlan(*whole, 6, [&] { directory.write_file("out/info7", "theirs"); }),
                  directory / "out", options);
  BOOST_REQUIRE(report.failures.size() == 1U);
  BOOST_TEST(report.failures[0].path == "info7");
  BOOST_TEST(report.failures[0].error_number == EEXIST);
  BOOST_TEST(directory.read_file("out/info7") == "theirs");
  BOOST_TEST(entries_in(directory / "out") == 20U);
}

// XFS, where files get their names by a rename.
BOOST_AUTO_TEST_CASE(files_appear_whole_where_they_have_temporary_names) {
  if (!test::can_mount("xfs")) {
    BOOST_TEST_MESSAGE("skipped: an XFS image needs root, mkfs.xfs and a loop device");
    return;
  }
  const TemporaryDirectory directory;
  const test::MountedImage mounted(directory, "xfs", "320m");
  auto options = atomic(Atomic::file);
  options.keep_going = true;
  std::vector<std::string> seen;
  options.on_progress = [&](const WriteProgress&) {
    for (const auto& entry : fs::directory_iterator(directory / "xfs")) {
      seen.push_back(entry.path().filename().native());
    }
  };
  const auto whole = files(3000, 4096);
  const auto report =
      write_batch(MeddlingPlan(*whole, 6, [&] { directory.write_file("xfs/out/info7", "theirs"); }),
                  directory / "xfs/out", options);
  BOOST_TEST(report.files == 2999U);
  BOOST_REQUIRE(report.failures.size() == 1U);
  BOOST_TEST(report.failures[0].error_number == EEXIST);
  BOOST_TEST(directory.read_file("xfs/out/info7") == "theirs");
  BOOST_TEST(entries_in(directory / "xfs/out") == 3000U);
  BOOST_TEST(entries_in(directory / "xfs") == 1U);
  const auto is_mark = [](const auto& name) { return name.starts_with(".out.ream-"); };
  BOOST_TEST(std::any_of(seen.begin(), seen.end(), is_mark));
}
