// Batches that are on the disk when they are complete: what is there, and what is reported. What is
// called in which order is for faults.sync_order, what a power cut leaves for torture.power_cuts.
#define BOOST_TEST_MODULE sync
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "ream/batch.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "support/meddling_plan.hpp"
#include "support/mounted_filesystem.hpp"
#include "support/shared_counter.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using test::MeddlingPlan;
using test::SharedCounter;
namespace data = boost::unit_test::data;
namespace fs = boost::filesystem;

namespace ream {
std::ostream& operator<<(std::ostream& out, Atomic atomic) {
  return out << static_cast<int>(atomic);
}
std::ostream& operator<<(std::ostream& out, Sync sync) {
  return out << static_cast<int>(sync);
}
std::ostream& operator<<(std::ostream& out, IfExists if_exists) {
  return out << static_cast<int>(if_exists);
}
}  // namespace ream

namespace {

const auto all_kinds = {Atomic::none, Atomic::file, Atomic::batch};
const auto all_syncs = {Sync::none, Sync::file, Sync::batch};

WriteOptions synced(Sync sync, Atomic atomic = Atomic::file) {
  WriteOptions options;
  options.workers = 2;
  options.atomic = atomic;
  options.sync = sync;
  return options;
}

std::unique_ptr<Plan> files(std::uint64_t count) {
  GeneratorOptions options;
  options.count = count;
  options.size = 10;
  return make_generator(options);
}

// Hidden ones too.
std::size_t entries_in(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

constexpr const char* all_sorts =
    R"({"path": "deep/er/a", "content": "1", "mode": "0640"}
{"path": "deep/b", "content": "2", "mtime": "5"}
{"path": "l", "symlink": "deep/b"}
{"path": "empty/directory", "directory": true, "mode": "0700"}
)";

}  // namespace

BOOST_DATA_TEST_CASE(every_kind_writes_the_same_and_leaves_nothing_else,
                     data::make(all_syncs) * data::make(all_kinds), sync, kind) {
  const TemporaryDirectory directory;
  directory.write_file("manifest", all_sorts);
  const auto plan = open_manifest(directory / "manifest");
  const auto report = write_batch(*plan, directory / "new/out", synced(sync, kind));
  BOOST_TEST(report.complete());
  BOOST_TEST(report.trouble.empty());
  BOOST_TEST(report.files == 2U);
  BOOST_TEST(report.bytes == 2U);
  BOOST_TEST(report.links == 1U);
  BOOST_TEST(report.directories == 1U);
  BOOST_TEST((report.seconds.sync > 0) == (sync != Sync::none));
  BOOST_TEST(directory.read_file("new/out/deep/er/a") == "1");
  BOOST_TEST(directory.read_file("new/out/l") == "2");
  BOOST_TEST(fs::last_write_time(directory / "new/out/deep/b") == 5);
  BOOST_TEST(entries_in(directory / "new") == 1U);
  BOOST_TEST(entries_in(directory / "new/out") == 3U);
  BOOST_TEST(entries_in(directory / "new/out/deep") == 2U);
}

BOOST_DATA_TEST_CASE(what_is_there_already_is_treated_as_without_a_sync,
                     data::make(all_syncs) *
                         data::make({IfExists::replace, IfExists::skip, IfExists::update}),
                     sync, if_exists) {
  const TemporaryDirectory directory;
  directory.write_file("out/info1", "==========");
  directory.write_file("out/info2", "theirs");
  auto options = synced(sync);
  options.if_exists = if_exists;
  const auto report = write_batch(*files(3), directory / "out", options);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.skipped == (if_exists == IfExists::skip ? 2U : 0U));
  BOOST_TEST(report.unchanged == (if_exists == IfExists::update ? 1U : 0U));
  BOOST_TEST(report.files == 3U - report.skipped - report.unchanged);
  const bool kept = if_exists == IfExists::skip;
  BOOST_TEST(directory.read_file("out/info2") == (kept ? "theirs" : "=========="));
  BOOST_TEST(entries_in(directory / "out") == 3U);
}

BOOST_AUTO_TEST_CASE(no_file_has_its_name_before_all_are_written) {
  const TemporaryDirectory directory;
  const auto plan = files(50);
  auto options = synced(Sync::batch);
  options.placement = Placement::in_process;
  SharedCounter looks;
  const MeddlingPlan looked(*plan, 49, [&] {
    if (looks.next() == 1) BOOST_TEST(!directory.contains("out/info1"));
  });
  BOOST_TEST(write_batch(looked, directory / "out", options).complete());
  BOOST_TEST(looks.next() > 1);
  BOOST_TEST(entries_in(directory / "out") == 50U);
}

BOOST_DATA_TEST_CASE(what_comes_into_the_way_before_publication_costs_its_file_alone,
                     data::make({IfExists::fail, IfExists::skip}), if_exists) {
  const TemporaryDirectory directory;
  auto options = synced(Sync::batch);
  options.if_exists = if_exists;
  options.placement = Placement::in_process;
  const auto plan = files(20);
  const MeddlingPlan last(*plan, 19, [&] {
    if (!directory.contains("out/info7")) directory.write_file("out/info7", "theirs");
  });
  const auto report = write_batch(last, directory / "out", options);
  BOOST_TEST(report.files == 19U);
  BOOST_TEST(report.skipped == (if_exists == IfExists::skip ? 1U : 0U));
  BOOST_TEST(report.failures.size() == (if_exists == IfExists::skip ? 0U : 1U));
  if (!report.failures.empty()) BOOST_TEST(report.failures.front().path == "info7");
  BOOST_TEST(report.not_attempted.empty());
  BOOST_TEST(directory.read_file("out/info7") == "theirs");
  BOOST_TEST(entries_in(directory / "out") == 20U);
}

BOOST_AUTO_TEST_CASE(a_batch_that_stops_early_publishes_what_is_complete_and_leaves_nothing_else) {
  const TemporaryDirectory directory;
  directory.write_file("manifest",
                       "{\"path\": \"a\", \"content\": \"1\"}\n"
                       "{\"path\": \"b\", \"from\": \"absent\"}\n"
                       "{\"path\": \"c\", \"content\": \"3\"}\n");
  auto options = synced(Sync::batch);
  options.placement = Placement::in_process;
  const auto report =
      write_batch(*open_manifest(directory / "manifest"), directory / "out", options);
  BOOST_TEST(report.files == 1U);
  BOOST_TEST(report.failures.size() == 1U);
  BOOST_TEST(report.not_attempted.size() == 1U);
  BOOST_TEST(directory.read_file("out/a") == "1");
  BOOST_TEST(entries_in(directory / "out") == 1U);
}

// The job is asked for when it is written, and again when it gets its name.
BOOST_AUTO_TEST_CASE(a_worker_that_dies_while_it_publishes_loses_no_file) {
  for (const int fatal : {1, 2, 3}) {
    const TemporaryDirectory directory;
    const auto driver = ::getpid();
    SharedCounter asked;
    const auto plan = files(200);
    const MeddlingPlan deadly(*plan, 150, [&] {
      if (::getpid() != driver && asked.next() == fatal) ::raise(SIGKILL);
    });
    const auto report = write_batch(deadly, directory / "out", synced(Sync::batch));
    BOOST_TEST_CONTEXT("the " << fatal << ". time") {
      BOOST_TEST(report.complete());
      BOOST_TEST(report.files == 200U);
      BOOST_TEST(report.bytes == 2000U);
      BOOST_TEST(entries_in(directory / "out") == 200U);
      BOOST_TEST(entries_in(directory.path()) == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_mounted_beneath_the_directory_is_synced_too) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: to mount needs root");
    return;
  }
  const TemporaryDirectory directory;
  directory.make_directory("out/other");
  const test::MountedTmpfs other(directory / "out/other", "1m");
  directory.write_file("manifest", R"({"path": "other/a", "content": "1"})");
  const auto report =
      write_batch(*open_manifest(directory / "manifest"), directory / "out", synced(Sync::batch));
  BOOST_TEST(report.complete());
  BOOST_TEST(directory.read_file("out/other/a") == "1");
}
