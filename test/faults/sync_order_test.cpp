// What is asked of the system, and in which order, so that a batch is on the disk before anybody
// sees it; and what comes of a sync that fails.
#define BOOST_TEST_MODULE sync_order
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/strace.hpp"
#include "support/trace.hpp"

using namespace ream::test;
namespace data = boost::unit_test::data;
namespace fs = boost::filesystem;

namespace {

using Words = std::vector<std::string>;

constexpr const char* what_matters =
    "write,fsync,fdatasync,syncfs,sync_file_range,linkat,renameat,renameat2,symlinkat,unlinkat,"
    "fchmod,"
    "utimensat";

// Six files in three directories, the links and times of which come last.
constexpr const char* manifest =
    R"({"path": "d/e/a", "content": "1"}
{"path": "d/e/b", "content": "2"}
{"path": "d/c", "content": "3"}
{"path": "d", "directory": true, "mtime": "5"}
{"path": "g", "content": "4"}
{"path": "h", "content": "5"}
{"path": "i", "content": "6"}
{"path": "l", "symlink": "g"}
)";

Traced written(const TemporaryDirectory& directory, const std::string& sync,
               const std::string& atomic, const std::vector<std::string>& faults = {}) {
  directory.write_file("m", manifest);
  return trace(
      REAM_PROGRAM,
      {"write", "-q", "-j2", "--list", "none", "--sync", sync, "--atomic", atomic, "m", "new/out"},
      what_matters, directory, faults);
}

std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

// Contents are on the disk: by one call for all of them, or by one for each.
std::size_t contents_synced(const Trace& calls) {
  if (calls.has("syncfs")) return calls.last("syncfs");
  BOOST_TEST(calls.count(R"(fsync\(\d+<[^>]*/(\.ream-\w+\.\d|[abcghi]|#\d+)[ >])") == 6U);
  return calls.last(R"(fsync\(\d+<[^>]*/(\.ream-\w+\.\d|[abcghi]|#\d+)[ >])");
}

constexpr const char* a_file_is_named = R"(\b(linkat|renameat2)\(.*"[abcghi]")";

const auto both = {std::string("file"), std::string("batch")};
const auto all_kinds = {std::string("none"), std::string("file"), std::string("batch")};

}  // namespace

BOOST_DATA_TEST_CASE(a_staged_batch_is_on_the_disk_before_it_appears_and_its_name_after,
                     data::make(both), sync) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = written(directory, sync, "batch");
  BOOST_TEST(ended.exit_code == 0);
  const auto appears = calls.first("renameat2.*\"tree\"");
  BOOST_REQUIRE(appears < calls.size());
  BOOST_TEST(contents_synced(calls) < appears);
  if (calls.has("syncfs")) {
    BOOST_TEST(calls.last("symlinkat|utimensat") < calls.first("syncfs"));
  } else {  // each directory is, the deepest first, when nothing changes any more
    const auto deepest = calls.first("fsync.*/tree/d/e>");
    BOOST_TEST(calls.last("symlinkat|utimensat") < deepest);
    BOOST_TEST(deepest < calls.first("fsync.*/tree/d>"));
    BOOST_TEST(calls.first("fsync.*/tree/d>") < calls.first("fsync.*/tree>"));
    BOOST_TEST(calls.first("fsync.*/tree>") < appears);
  }
  BOOST_TEST(appears < calls.last("fsync.*/new>"));
  BOOST_TEST(calls.last("fsync.*/new>") < calls.size());
  BOOST_TEST(calls.count("fsync.*<" + directory.path().string() + ">") == 1U);  // has "new" now
}

BOOST_AUTO_TEST_CASE(files_that_appear_together_are_all_on_the_disk_before_and_their_names_after) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = written(directory, "batch", "file");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(calls.count(R"(renameat2.*"\.ream-)") == 6U);
  BOOST_TEST(contents_synced(calls) < calls.first("renameat2"));
  const auto deepest = calls.first("fsync.*/new/out/d/e>");
  BOOST_TEST(calls.last("renameat2|symlinkat|utimensat") < deepest);
  BOOST_TEST(deepest < calls.first("fsync.*/new/out/d>"));
  BOOST_TEST(calls.first("fsync.*/new/out/d>") < calls.first("fsync.*/new/out>"));
  BOOST_TEST(calls.first("fsync.*/new/out>") < calls.size());
  BOOST_TEST(calls.count("fsync.*/new>") == 1U);
}

BOOST_AUTO_TEST_CASE(each_file_is_on_the_disk_before_it_appears_and_its_directory_after) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = written(directory, "file", "file");
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!calls.has("syncfs"));
  BOOST_TEST(calls.count(a_file_is_named) == 6U);
  // Of a worker each name follows on a sync of a file.
  for (auto at = calls.first(a_file_is_named); at < calls.size();
       at = calls.first(a_file_is_named, at + 1)) {
    BOOST_TEST(calls.first("fsync") < at);
  }
  BOOST_TEST(calls.count(R"(fsync\(\d+<[^>]*/(\.ream-\w+\.\d|#\d+)[ >])") == 6U);
  BOOST_TEST(calls.last("linkat|renameat2|symlinkat|utimensat") <
             calls.first("fsync.*/new/out/d/e>"));
  BOOST_TEST(calls.last("fsync.*/new/out>") < calls.size());
}

BOOST_DATA_TEST_CASE(what_is_written_in_place_is_on_the_disk_at_the_end, data::make(both), sync) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = written(directory, sync, "none");
  BOOST_TEST(ended.exit_code == 0);
  const auto synced = std::min(calls.first("syncfs"), calls.first("fsync.*/new/out/d/e>"));
  BOOST_REQUIRE(synced < calls.size());
  BOOST_TEST(calls.last("write|symlinkat|utimensat") < synced);
  BOOST_TEST(calls.last("fsync.*/new>") < calls.size());
  contents_synced(calls);
}

BOOST_DATA_TEST_CASE(nothing_is_synced_where_nobody_asks_for_it, data::make(all_kinds), atomic) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = written(directory, "none", atomic);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!calls.has("sync"));
}

BOOST_AUTO_TEST_CASE(the_write_back_of_large_files_begins_early) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = trace(REAM_PROGRAM,
                                    {"generate", "-q", "--count", "200", "--size", "128K", "--list",
                                     "none", "--sync", "batch", "out"},
                                    "sync_file_range,syncfs,fsync", directory);
  BOOST_TEST(ended.exit_code == 0);
  if (!calls.has("syncfs")) return;  // others have so much unwritten that each file is waited for
  BOOST_TEST(calls.count("sync_file_range.*SYNC_FILE_RANGE_WRITE") == 200U);
  BOOST_TEST(calls.last("sync_file_range") < calls.first("syncfs"));
}

BOOST_AUTO_TEST_CASE(what_is_unchanged_is_brought_to_the_disk_as_well) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.write_file("out/info1", "=");
  const auto [ended, calls] =
      trace(REAM_PROGRAM,
            {"generate", "-q", "--count", "1", "--sync", "file", "--if-exists", "update", "out"},
            "fsync", directory);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(calls.has("fsync.*/out/info1>"));
}

BOOST_DATA_TEST_CASE(nothing_appears_of_a_batch_that_cannot_be_synced,
                     data::make(both) * data::make({std::string("file"), std::string("batch")}),
                     sync, atomic) {
  if (!faults_can_be_made()) return;
  if (sync == "file" && atomic == "file") return;  // there each file is on its own
  const TemporaryDirectory directory;
  const auto [ended, calls] =
      written(directory, sync, atomic, {"inject=syncfs:error=EIO", "inject=fsync:error=EIO"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot sync '") != std::string::npos);
  BOOST_TEST(ended.err.find("Input/output error") != std::string::npos);
  if (calls.has("syncfs")) BOOST_TEST(ended.err.find("new/out") != std::string::npos);
  BOOST_TEST(!directory.contains("new"));
  BOOST_TEST(entries_in(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_synced_is_named_and_not_there) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.write_file(
      "m", "{\"path\": \"a\", \"content\": \"1\"}\n{\"path\": \"b\", \"content\": \"2\"}\n");
  const auto [ended, calls] = trace(
      REAM_PROGRAM, {"write", "-qk", "--serial", "--sync", "file", "--atomic", "file", "m", "out"},
      "fsync", directory, {"inject=fsync:error=EIO:when=1"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot sync 'a': Input/output error") != std::string::npos);
  BOOST_TEST(ended.out == "b\n");
  BOOST_TEST(entries_in(directory / "out") == 1U);
}

BOOST_DATA_TEST_CASE(a_name_that_cannot_be_synced_is_told_of_a_batch_that_is_there,
                     data::make(all_kinds), atomic) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  // The last sync is that of the names above.
  const auto good = written(directory, "batch", atomic);
  const auto syncs = good.calls.count(R"(\bfsync)");
  directory.remove("new");
  const auto [ended, calls] =
      written(directory, "batch", atomic, {"inject=fsync:error=EIO:when=" + std::to_string(syncs)});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot sync '") != std::string::npos);
  BOOST_TEST(ended.err.find("after a power cut") != std::string::npos);
  BOOST_TEST(directory.read_file("new/out/d/e/a") == "1");
  BOOST_TEST(entries_in(directory / "new") == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_withdrawn_either_is_told_and_found_by_clean) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] =
      written(directory, "batch", "file",
              {"inject=syncfs:error=EIO", "inject=fsync:error=EIO", "inject=unlinkat:error=EIO"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("cannot sync '") != std::string::npos);
  const auto cleaned = run_ream({"clean", "new/out"}, {.directory = directory.path().string()});
  BOOST_TEST(cleaned.exit_code == 0);
  if (calls.has("syncfs")) BOOST_TEST(cleaned.out.find("/.ream-") != std::string::npos);
  for (const auto& entry : fs::recursive_directory_iterator(directory.path())) {
    BOOST_TEST(entry.path().native().find(".ream-") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_old_directory_stays_where_the_new_one_may_not_be_on_the_disk) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  directory.write_file("o/old", "precious");
  const Words words = {"generate", "-q",          "--serial", "--count", "2",
                       "--atomic", "batch",       "--sync",   "file",    "--list",
                       "none",     "--if-exists", "replace",  "o"};
  // Two files, their directory, and then the name.
  const auto [ended, calls] =
      trace(REAM_PROGRAM, words, "fsync", directory, {"inject=fsync:error=EIO:when=4"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(directory.contains("o/info2"));
  BOOST_TEST(entries_in(directory.path()) == 3U);  // with its lock
  BOOST_TEST(ended.err.find("after a power cut") != std::string::npos);
  const auto cleaned = run_ream({"clean", "o"}, {.directory = directory.path().string()});
  BOOST_TEST(cleaned.out.starts_with("removed '.o.ream-"));
  BOOST_TEST(entries_in(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_checksum_file_that_cannot_have_its_name_is_reported) {
  if (!faults_can_be_made()) return;
  const TemporaryDirectory directory;
  const auto [ended, calls] = trace(
      REAM_PROGRAM,
      {"generate", "-q", "--count", "2", "--list", "none", "--sums", "s", "--report", "r", "o"},
      "renameat,rename", directory, {"inject=rename,renameat:error=EACCES"});
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("/s'") != std::string::npos);
  BOOST_TEST(directory.read_file("r").find("\"without_sums\":true") != std::string::npos);
  BOOST_TEST(entries_in(directory.path()) == 2U);
}
