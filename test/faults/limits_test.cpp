// A real limit of the system is met in the middle of a batch: what failed is named with its reason,
// nothing half is left, and the same command succeeds when the limit is gone.
#define BOOST_TEST_MODULE limits
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "support/mounted_filesystem.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/temporary_files_in_memory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

namespace {

const std::vector<std::string> all_kinds = {"none", "file", "batch"};

constexpr std::size_t count = 200;
constexpr std::uintmax_t size = 4096;

struct Limit {
  fs::path place;                           // the batch goes to "out" in it
  std::string reason;                       // what is said of it
  std::function<void()> limited = [] {};    // called in the process that has the limit
  std::function<void()> unlimited = [] {};  // and in the one that has none
  std::function<void()> lift = [] {};       // takes it away from all
};

// What was complete before the limit was met may be there when it is tried again.
Ended write_in(const fs::path& place, const std::string& atomic,
               const std::function<void()>& before_exec) {
  RunOptions options;
  options.directory = place.string();
  options.before_exec = before_exec;
  const auto* if_exists = atomic == "batch" ? "fail" : "update";
  return run_ream(
      {"generate", "-q", "-j2", "--list", "none", "--count", std::to_string(count), "--size",
       std::to_string(size), "--atomic", atomic, "--if-exists", if_exists, "out"},
      options);
}

std::vector<fs::path> entries_in(const fs::path& directory) {
  std::vector<fs::path> all;
  if (!fs::exists(directory)) return all;
  for (const auto& entry : fs::directory_iterator(directory)) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

void check_nothing_half(const fs::path& place, const std::string& atomic,
                        std::vector<fs::path> before) {
  const auto there = entries_in(place / "out");
  const auto is_whole = [](const fs::path& file) {
    return file.filename().native().starts_with("info") && fs::file_size(file) == size;
  };
  BOOST_TEST(std::all_of(there.begin(), there.end(), is_whole));
  BOOST_TEST(there.size() < count);
  if (atomic == "batch") BOOST_TEST(!fs::exists(place / "out"));
  if (fs::exists(place / "out")) before.push_back(place / "out");
  std::sort(before.begin(), before.end());
  BOOST_TEST((entries_in(place) == before));
}

// `named` is what the reason is said of: one of these.
void check_named(const Ended& ended, const std::string& reason) {
  const auto says = [&](const std::string& text) { return ended.err.find(text) != text.npos; };
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(says(reason));
  BOOST_TEST((says("'info") || says("'out'") || says("'./.out.ream-") || says("'worker 1'")));
}

void check_complete(const fs::path& place, const Ended& ended) {
  BOOST_TEST(ended.exit_code == 0, ended.err);
  BOOST_TEST(entries_in(place / "out").size() == count);
  for (const auto& file : entries_in(place / "out")) BOOST_TEST(fs::file_size(file) == size);
  for (const auto& entry : entries_in(place)) {
    BOOST_TEST(!entry.filename().native().starts_with("."), entry);
  }
}

void check(const Limit& limit, const std::string& atomic) {
  const auto before = entries_in(limit.place);
  const auto ended = write_in(limit.place, atomic, limit.limited);
  BOOST_TEST_CONTEXT(ended.err) {
    check_named(ended, limit.reason);
    check_nothing_half(limit.place, atomic, before);
  }
  limit.lift();
  check_complete(limit.place, write_in(limit.place, atomic, limit.unlimited));
}

bool is_root() {
  if (::geteuid() == 0) return true;
  BOOST_TEST_MESSAGE("skipped: needs root");
  return false;
}

bool has_ext4() {
  if (can_mount("ext4")) return true;
  BOOST_TEST_MESSAGE("skipped: an ext4 image needs root, mkfs.ext4 and a loop device");
  return false;
}

// Its check for leaks needs descriptors and processes too.
bool leaves_limits_to_the_program() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  BOOST_TEST_MESSAGE("skipped: a sanitizer does not do with so little");
  return false;
#else
  return true;
#endif
}

std::function<void()> limited_to(__rlimit_resource resource, rlim_t most) {
  return [resource, most] {
    const rlimit limit{most, most};
    if (::setrlimit(resource, &limit) != 0) ::_exit(99);
  };
}

// A user that has no process: what runs in other tests does not count for a limit.
constexpr uid_t somebody = 1'234'567;

void become_somebody() {
  const bool done = ::setgroups(0, nullptr) == 0 &&
                    ::setresgid(somebody, somebody, somebody) == 0 &&
                    ::setresuid(somebody, somebody, somebody) == 0;
  if (!done) ::_exit(99);
}

void run_on(const char* program, std::vector<std::string> words, const fs::path& path) {
  words.push_back(path.string());
  run_or_throw(program, words);
}

// Takes all the room but so much.
void fill(const fs::path& file, std::uintmax_t but) {
  const int filler = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string piece(4096, 'x');
  while (::write(filler, piece.data(), piece.size()) > 0) {
  }
  ::close(filler);
  fs::resize_file(file, fs::file_size(file) - but);
}

void take_inodes(const fs::path& directory, int how_many) {
  fs::create_directory(directory);
  for (int i = 0; i < how_many; ++i) {
    const auto path = directory / std::to_string(i);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    ::close(file);
  }
}

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(TemporaryFilesInMemory);

BOOST_DATA_TEST_CASE(a_tmpfs_has_no_room, all_kinds, atomic) {
  if (!is_root()) return;
  for (const char* small : {"size=400k", "size=64m,nr_inodes=100", "size=64m,nr_inodes=3"}) {
    const TemporaryDirectory directory;
    const MountedTmpfs disk(directory.path(), std::string(small).substr(5));
    Limit limit{.place = disk.path(), .reason = "No space left on device"};
    limit.lift = [&] { run_on("mount", {"-o", "remount,size=64m,nr_inodes=1000"}, disk.path()); };
    BOOST_TEST_CONTEXT(small) {
      check(limit, atomic);
    }
  }
}

BOOST_DATA_TEST_CASE(an_ext4_has_no_blocks, all_kinds, atomic) {
  if (!has_ext4()) return;
  for (const std::uintmax_t left : {0U, 40U << 10, 400U << 10}) {
    const TemporaryDirectory directory;
    const MountedImage disk(directory, "ext4", "8m");
    fill(disk.path() / "filler", left);
    Limit limit{.place = disk.path(), .reason = "No space left on device"};
    limit.lift = [&] { fs::resize_file(disk.path() / "filler", 0); };
    BOOST_TEST_CONTEXT(left << " bytes left") {
      check(limit, atomic);
    }
  }
}

BOOST_DATA_TEST_CASE(an_ext4_has_no_inodes, all_kinds, atomic) {
  if (!has_ext4()) return;
  for (const int taken : {150, 10'000}) {
    const TemporaryDirectory directory;
    const MountedImage disk(directory, "ext4", "8m", {"-N", "256"});
    take_inodes(disk.path() / "filler", taken);
    Limit limit{.place = disk.path(), .reason = "No space left on device"};
    limit.lift = [&] {
      for (const auto& file : entries_in(disk.path() / "filler")) fs::remove(file);
    };
    BOOST_TEST_CONTEXT(taken << " taken") {
      check(limit, atomic);
    }
  }
}

BOOST_DATA_TEST_CASE(files_may_not_be_so_long, all_kinds, atomic) {
  const TemporaryDirectory directory;
  Limit limit{.place = directory.path(), .reason = "File too large"};
  limit.limited = limited_to(RLIMIT_FSIZE, 1000);
  check(limit, atomic);
}

BOOST_DATA_TEST_CASE(sixteen_descriptors_are_enough, all_kinds, atomic) {
  if (!leaves_limits_to_the_program()) return;
  const TemporaryDirectory directory;
  check_complete(directory.path(),
                 write_in(directory.path(), atomic, limited_to(RLIMIT_NOFILE, 16)));
}

// From where the program can be loaded at all. What it could not remove is found by 'ream clean'.
BOOST_DATA_TEST_CASE(fewer_descriptors_end_well_or_are_named, all_kinds, atomic) {
  if (!leaves_limits_to_the_program()) return;
  for (rlim_t most = 4; most < 16; ++most) {
    const TemporaryDirectory directory;
    const auto ended = write_in(directory.path(), atomic, limited_to(RLIMIT_NOFILE, most));
    if (ended.exit_code == 127) continue;
    BOOST_TEST_CONTEXT(most << ": " << ended.err) {
      if (ended.exit_code == 0) {
        check_complete(directory.path(), ended);
        continue;
      }
      BOOST_TEST(ended.exit_code == 1);
      BOOST_TEST(ended.err.find("Too many open files") != std::string::npos);
      const auto cleaned = run_ream({"clean", (directory / "out").string()});
      BOOST_TEST(cleaned.exit_code == 0);
      check_nothing_half(directory.path(), atomic, {});
    }
  }
}

BOOST_DATA_TEST_CASE(no_process_can_be_started, all_kinds, atomic) {
  if (!is_root() || !leaves_limits_to_the_program()) return;
  const TemporaryDirectory directory;
  BOOST_REQUIRE(::chown(directory.path().c_str(), somebody, somebody) == 0);
  Limit limit{.place = directory.path(), .reason = "Resource temporarily unavailable"};
  limit.limited = [] {
    limited_to(RLIMIT_NPROC, 1)();
    become_somebody();
  };
  limit.unlimited = become_somebody;
  check(limit, atomic);
}

BOOST_DATA_TEST_CASE(one_process_is_enough, all_kinds, atomic) {
  if (!is_root() || !leaves_limits_to_the_program()) return;
  const TemporaryDirectory directory;
  BOOST_REQUIRE(::chown(directory.path().c_str(), somebody, somebody) == 0);
  const auto ended = write_in(directory.path(), atomic, [] {
    limited_to(RLIMIT_NPROC, 2)();  // with its own
    become_somebody();
  });
  check_complete(directory.path(), ended);
}

BOOST_DATA_TEST_CASE(a_filesystem_is_read_only, all_kinds, atomic) {
  if (!is_root()) return;
  const TemporaryDirectory directory;
  const MountedTmpfs disk(directory.path(), "8m");
  run_on("mount", {"-o", "remount,ro"}, disk.path());
  Limit limit{.place = disk.path(), .reason = "Read-only file system"};
  limit.lift = [&] { run_on("mount", {"-o", "remount,rw"}, disk.path()); };
  check(limit, atomic);
}

BOOST_DATA_TEST_CASE(a_directory_may_not_be_written, all_kinds, atomic) {
  if (!is_root()) return;
  const TemporaryDirectory directory;
  Limit limit{.place = directory.path(), .reason = "Permission denied"};
  limit.limited = limit.unlimited = become_somebody;
  limit.lift = [&] { directory.set_mode("", 0777); };
  check(limit, atomic);
}
