#define BOOST_TEST_MODULE batch
#include "ream/batch.hpp"

#include <sys/resource.h>

#include <atomic>
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>

#include "os/process.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "ream/listing.hpp"
#include "ream/manifest.hpp"
#include "support/children.hpp"
#include "support/meddling_plan.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

namespace {

std::uint64_t left_of(const Report& report) {
  std::uint64_t left = 0;
  for (const auto& range : report.not_attempted) left += range.size();
  return left;
}

GeneratorOptions so_many(std::uint64_t count) {
  GeneratorOptions options;
  options.count = count;
  return options;
}

WriteOptions placed(Placement placement, unsigned workers = 3) {
  WriteOptions options;
  options.placement = placement;
  options.workers = workers;
  return options;
}

WriteOptions file_by_file() {
  auto options = placed(Placement::pooled, 2);
  options.atomic = Atomic::file;
  return options;
}

std::unique_ptr<Plan> manifest(const TemporaryDirectory& directory, const std::string& text) {
  directory.write_file("manifest", text);
  return open_manifest(directory / "manifest");
}

// Each worker that asks for a certain job.
std::function<void()> killing_workers() {
  return [driver = os::current_pid()] {
    if (os::current_pid() != driver) ::raise(SIGKILL);
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_placement_writes_the_same_files) {
  for (const auto placement :
       {Placement::in_process, Placement::pooled, Placement::process_per_job}) {
    const TemporaryDirectory directory;
    const auto report =
        write_batch(*make_generator(so_many(120)), directory / "out", placed(placement));
    BOOST_TEST(report.complete());
    BOOST_TEST(report.jobs == 120U);
    BOOST_TEST(report.files == 120U);
    BOOST_TEST(report.bytes == 120U * 121U / 2);
    BOOST_TEST(list_directory(directory / "out").size() == 120U);
    for (int i = 1; i <= 120; ++i) {
      BOOST_TEST(directory.read_file("out/info" + std::to_string(i)) ==
                 std::string(static_cast<std::size_t>(i), '='));
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_of_workers_add_up_to_the_whole) {
  const TemporaryDirectory directory;
  const auto report =
      write_batch(*make_generator(so_many(200)), directory / "out", placed(Placement::pooled, 4));
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  BOOST_TEST(report.workers.size() == 4U);
  for (const auto& worker : report.workers) {
    BOOST_TEST(worker.pid > 0);
    BOOST_TEST(worker.status.success());
    files += worker.files;
    bytes += worker.bytes;
  }
  BOOST_TEST(files == report.files);
  BOOST_TEST(bytes == report.bytes);
  BOOST_TEST(report.seconds.write > 0);
  BOOST_TEST(report.seconds.fork <= report.seconds.write);
}

// The last entry waits until the others are there.
BOOST_AUTO_TEST_CASE(a_report_says_when_the_first_worker_and_the_last_had_no_more_to_do) {
  const TemporaryDirectory directory;
  const auto generator = make_generator(so_many(60));
  const test::Shared<std::atomic<bool>> others_are_done;
  auto options = placed(Placement::pooled, 2);
  options.on_progress = [&](const WriteProgress& progress) {
    *others_are_done = progress.entries_ended >= 59;
  };
  const auto wait = [&] {
    test::eventually([&] { return others_are_done->load(); });
    os::sleep_milliseconds(200);
  };
  const auto report =
      write_batch(test::MeddlingPlan(*generator, 59, wait), directory / "out", options);
  BOOST_TEST(report.complete());
  BOOST_TEST(report.first_done_seconds > 0);
  BOOST_TEST(report.last_done_seconds >= report.first_done_seconds + 0.02);
  BOOST_TEST(report.seconds.join > 0);
  BOOST_TEST(report.last_done_seconds + report.seconds.join <= report.seconds.write);
}

BOOST_AUTO_TEST_CASE(the_last_is_done_after_the_first_and_before_the_barrier) {
  for (const auto placement :
       {Placement::in_process, Placement::pooled, Placement::process_per_job}) {
    const TemporaryDirectory directory;
    const auto report =
        write_batch(*make_generator(so_many(20)), directory / "out", placed(placement));
    BOOST_TEST(report.first_done_seconds > 0);
    BOOST_TEST(report.first_done_seconds <= report.last_done_seconds);
    BOOST_TEST(report.last_done_seconds + report.seconds.join <= report.seconds.write);
  }
}

BOOST_AUTO_TEST_CASE(missing_parents_of_the_directory_are_made) {
  const TemporaryDirectory directory;
  BOOST_TEST(write_batch(*make_generator(so_many(1)), directory / "a/b/out/").complete());
  BOOST_TEST(directory.contains("a/b/out/info1"));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way_is_named_and_nothing_is_written) {
  const TemporaryDirectory directory;
  directory.write_file("out/info5", "mine");
  const auto report =
      write_batch(*make_generator(so_many(1000)), directory / "out", placed(Placement::pooled, 2));
  BOOST_TEST(!report.complete());
  BOOST_REQUIRE(report.failures.size() == 1U);
  BOOST_TEST(report.failures[0].index == 4U);
  BOOST_TEST(report.failures[0].path == "info5");
  BOOST_TEST(report.failures[0].error_number == EEXIST);
  BOOST_TEST(report.failures[0].text == "cannot create 'info5': File exists");
  BOOST_TEST(directory.read_file("out/info5") == "mine");
  BOOST_TEST(report.obstructed);
  BOOST_TEST(report.files == 0U);
  BOOST_TEST(list_directory(directory / "out").size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_file_that_is_in_the_way_is_named) {
  const TemporaryDirectory directory;
  for (const char* name : {"out/info3", "out/info50", "out/info99"})
    directory.write_file(name, "mine");
  const auto report =
      write_batch(*make_generator(so_many(100)), directory / "out", placed(Placement::pooled));
  BOOST_REQUIRE(report.failures.size() == 3U);
  BOOST_TEST(report.failures[0].path == "info3");
  BOOST_TEST(report.failures[2].path == "info99");
  BOOST_TEST(report.files == 0U);
  BOOST_TEST(list_directory(directory / "out").size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_bad_plan_is_refused_before_anything_is_made) {
  const TemporaryDirectory directory;
  const auto plan =
      manifest(directory,
               "{\"path\": \"a\", \"content\": \"x\"}\n{\"path\": \"../b\", \"content\": \"\"}\n");
  BOOST_CHECK_THROW(write_batch(*plan, directory / "out"), InputError);
  BOOST_TEST(!directory.contains("out"));
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_made_is_an_error_and_leaves_nothing) {
  const TemporaryDirectory directory;
  directory.write_file("file", "x");
  BOOST_CHECK_THROW(write_batch(*make_generator(so_many(1)), directory / "file"), Error);
  BOOST_CHECK_THROW(write_batch(*make_generator(so_many(1)), directory / "file/out"), Error);
  const auto report =
      write_batch(*make_generator(so_many(1)), directory / ("new/" + std::string(300, 'x')));
  BOOST_TEST(!report.complete());
  BOOST_TEST(report.trouble.ends_with("File name too long"));
  BOOST_TEST(!directory.contains("new"));
}

BOOST_AUTO_TEST_CASE(all_kinds_of_entries_in_one_batch) {
  const TemporaryDirectory directory;
  directory.write_file("blob", "copied");
  const auto plan = manifest(
      directory, R"({"path": "d", "directory": true, "mode": "0500", "mtime": "1000000000.5"}
{"path": "d/text", "content": "hello", "mode": "0600", "mtime": "1000000001"}
{"path": "d/link", "symlink": "text", "mtime": "1000000002"}
{"path": "e/empty", "directory": true}
{"path": "copy", "from": "blob"}
{"path": "fill", "fill": "ab", "size": 3}
)");
  const auto report = write_batch(*plan, directory / "out", placed(Placement::pooled, 2));
  BOOST_TEST(report.complete());
  BOOST_TEST(report.files == 3U);
  BOOST_TEST(report.links == 1U);
  BOOST_TEST(report.directories == 2U);
  BOOST_TEST(directory.read_file("out/d/link") == "hello");
  BOOST_TEST(directory.read_file("out/copy") == "copied");
  BOOST_TEST(directory.read_file("out/fill") == "aba");
  BOOST_TEST(boost::filesystem::is_directory(directory / "out/e/empty"));
  BOOST_TEST(boost::filesystem::last_write_time(directory / "out/d") == 1000000000);
  BOOST_TEST(boost::filesystem::status(directory / "out/d").permissions() == 0500);
}

BOOST_AUTO_TEST_CASE(a_link_of_an_earlier_run_is_not_written_through) {
  const TemporaryDirectory directory;
  directory.make_directory("outside");
  directory.make_directory("out");
  directory.make_link("../outside", "out/d");
  auto options = placed(Placement::pooled);
  options.keep_going = true;
  const auto plan =
      manifest(directory,
               "{\"path\": \"d/a\", \"content\": \"x\"}\n{\"path\": \"b\", \"content\": \"x\"}\n");
  const auto report = write_batch(*plan, directory / "out", options);
  BOOST_REQUIRE(report.failures.size() == 1U);
  BOOST_TEST(report.failures[0].text.find(
                 "'d/a': cannot open the directory 'd': a symbolic link is in the way") == 0U);
  BOOST_TEST(boost::filesystem::is_empty(directory / "outside"));
  for (const auto if_exists : {IfExists::replace, IfExists::skip, IfExists::update}) {
    options.if_exists = if_exists;
    BOOST_TEST(write_batch(*plan, directory / "out", options).failures.size() == 1U);
    BOOST_TEST(boost::filesystem::is_empty(directory / "outside"));
    BOOST_TEST(directory.contains("out/b"));
  }
}

BOOST_AUTO_TEST_CASE(a_job_that_kills_its_workers_is_named_and_the_rest_is_written) {
  const TemporaryDirectory directory;
  const auto generator = make_generator(so_many(100));
  const auto report = write_batch(test::MeddlingPlan(*generator, 49, killing_workers()),
                                  directory / "out", file_by_file());
  BOOST_REQUIRE(report.failures.size() == 1U);
  BOOST_TEST(report.failures[0].path == "info50");
  BOOST_TEST(report.failures[0].text ==
             "'info50': the worker that wrote it was killed by SIGKILL, twice");
  BOOST_TEST(report.files == 99U);
  BOOST_TEST(report.bytes == 100U * 101U / 2 - 50);
}

BOOST_AUTO_TEST_CASE(an_input_that_changes_after_its_check_is_a_failure_of_its_entries) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += R"({"path": "d)" + std::to_string(i) + "\", \"directory\": true}\n";
    text += R"({"path": "f)" + std::to_string(i) + "\", \"content\": \"x\"}\n";
  }
  const auto plan = manifest(directory, text);
  auto options = file_by_file();
  options.keep_going = true;
  bool changed = false;
  options.on_progress = [&](const WriteProgress&) {  // the workers are at it, or have ended
    if (!changed) directory.write_file("manifest", std::string(text.size(), '\n'));
    changed = true;
  };
  const auto report = write_batch(*plan, directory / "out", options);
  BOOST_TEST(report.files + report.directories + report.failures.size() == 60U);
  BOOST_TEST(report.failures.size() >= 30U);  // the driver finishes the directories after that
  for (const auto& failure : report.failures) {
    BOOST_TEST(failure.text.find("manifest:") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_file_size_limit_is_named_not_fatal) {
  const TemporaryDirectory directory;
  const rlimit small{100, RLIM_INFINITY};
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::setrlimit(RLIMIT_FSIZE, &small);
  auto options = file_by_file();
  options.keep_going = true;
  const auto report = write_batch(*make_generator(so_many(150)), directory / "out", options);
  ::setrlimit(RLIMIT_FSIZE, &before);
  BOOST_TEST(report.files == 100U);
  BOOST_REQUIRE(report.failures.size() == 50U);
  BOOST_TEST(report.failures[0].path == "info101");
  BOOST_TEST(report.failures[0].error_number == EFBIG);
  BOOST_TEST(!directory.contains("out/info101"));
}

BOOST_AUTO_TEST_CASE(a_stop_signal_leaves_only_whole_files) {
  const TemporaryDirectory directory;
  auto options = file_by_file();
  options.stop_signals = {SIGUSR1};
  bool sent = false;
  options.on_progress = [&](const WriteProgress& progress) {
    if (!sent && progress.entries_ended > 0) ::raise(SIGUSR1);
    sent = true;
  };
  auto large = so_many(3000);
  large.size = 1 << 20;
  const auto report = write_batch(*make_generator(large), directory / "out", options);
  BOOST_REQUIRE((report.stopped_by == SIGUSR1));
  BOOST_TEST(report.files > 0U);
  BOOST_TEST(report.files < 3000U);
  BOOST_TEST(report.files + left_of(report) == 3000U);
  const auto entries = list_directory(directory / "out");
  BOOST_TEST(entries.size() == report.files);
  for (const auto& entry : entries) {
    BOOST_REQUIRE(boost::filesystem::file_size(directory / "out" / entry.path) == 1U << 20);
  }
}

BOOST_AUTO_TEST_CASE(a_slice_writes_its_shard_only) {
  const TemporaryDirectory directory;
  const auto plan = make_generator(so_many(10));
  write_batch(plan->slice(0, 5), directory / "out");
  BOOST_TEST(list_directory(directory / "out").size() == 5U);
  write_batch(plan->slice(5, 10), directory / "out");
  BOOST_TEST(list_directory(directory / "out").size() == 10U);
}
