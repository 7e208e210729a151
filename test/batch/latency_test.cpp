#define BOOST_TEST_MODULE latency
#include "ream/latency.hpp"

#include <pthread.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "batch/file_latencies.hpp"
#include "os/process.hpp"
#include "ream/batch.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/meddling_plan.hpp"
#include "support/shared_counter.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;

namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t files = 60;

const auto all_placements = {Placement::in_process, Placement::pooled, Placement::process_per_job};
const auto forking_placements = {Placement::pooled, Placement::process_per_job};

WriteOptions timed(Latency latency, Placement placement, Atomic atomic = Atomic::file) {
  WriteOptions options;
  options.latency = latency;
  options.placement = placement;
  options.atomic = atomic;
  options.workers = 2;
  return options;
}

std::unique_ptr<Plan> so_many(std::uint64_t count) {
  GeneratorOptions options;
  options.count = count;
  options.size = 100;
  return make_generator(options);
}

Report write_so_many(const WriteOptions& options) {
  const TemporaryDirectory directory;
  auto report = write_batch(*so_many(files), directory / "out", options);
  BOOST_TEST(report.complete());
  return report;
}

std::uint64_t nanoseconds(double seconds) {
  return static_cast<std::uint64_t>(seconds * 1e9);
}

std::atomic<bool> forks_are_slow = false;

}  // namespace

BOOST_AUTO_TEST_CASE(there_are_no_latencies_unless_they_are_asked_for) {
  for (const auto placement : all_placements) {
    BOOST_TEST(!write_so_many(timed(Latency::none, placement)).latency);
  }
}

BOOST_AUTO_TEST_CASE(each_file_is_timed_once_wherever_it_is_written) {
  for (const auto placement : all_placements) {
    for (const auto atomic : {Atomic::batch, Atomic::file, Atomic::none}) {
      const auto report = write_so_many(timed(Latency::files, placement, atomic));
      BOOST_REQUIRE(report.latency);
      const auto& file = report.latency->file;
      BOOST_TEST(file.count() == files);
      BOOST_TEST(file.quantile(0) > 0U);
      BOOST_TEST(file.max() <= nanoseconds(report.seconds.write));
      for (const auto step : {&LatencyReport::open, &LatencyReport::write, &LatencyReport::sync,
                              &LatencyReport::publish, &LatencyReport::close}) {
        BOOST_TEST((*report.latency.*step).count() == 0U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(each_step_of_each_file_is_timed_and_shorter_than_the_file) {
  for (const auto placement : all_placements) {
    for (const auto atomic : {Atomic::batch, Atomic::file, Atomic::none}) {
      for (const auto sync : {Sync::none, Sync::file}) {
        auto options = timed(Latency::calls, placement, atomic);
        options.sync = sync;
        const auto report = write_so_many(options);
        BOOST_REQUIRE(report.latency);
        const auto& latency = *report.latency;
        BOOST_TEST(latency.file.count() == files);
        BOOST_TEST(latency.open.count() == files);
        BOOST_TEST(latency.write.count() == files);
        BOOST_TEST(latency.close.count() == files);
        BOOST_TEST(latency.sync.count() == (sync == Sync::file ? files : 0));
        BOOST_TEST(latency.publish.count() == (atomic == Atomic::file ? files : 0));
        for (const auto step : {&LatencyReport::open, &LatencyReport::write, &LatencyReport::sync,
                                &LatencyReport::publish, &LatencyReport::close}) {
          BOOST_TEST((latency.*step).max() < latency.file.max());
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_given_when_all_is_on_the_disk_is_timed_then) {
  for (const auto placement : all_placements) {
    auto options = timed(Latency::calls, placement);
    options.sync = Sync::batch;
    const auto report = write_so_many(options);
    BOOST_REQUIRE(report.latency);
    BOOST_TEST(report.latency->publish.count() == files);
    BOOST_TEST(report.latency->publish.max() > 0U);
    BOOST_TEST(report.latency->file.count() == files);
  }
}

BOOST_AUTO_TEST_CASE(a_slow_file_is_the_longest_and_no_other_pays_for_it) {
  for (const auto placement : all_placements) {
    const TemporaryDirectory directory;
    const auto whole = so_many(files);
    const test::MeddlingPlan plan(*whole, 30, [] { os::sleep_milliseconds(200); });
    const auto report = write_batch(plan, directory / "out", timed(Latency::calls, placement));
    BOOST_REQUIRE(report.latency);
    BOOST_TEST(report.latency->file.max() >= 200 * millisecond);
    BOOST_TEST(report.latency->file.quantile(0.98) < 200 * millisecond);  // the second longest
    BOOST_TEST(report.latency->open.max() < 200 * millisecond);  // it was the plan that was slow
  }
}

BOOST_AUTO_TEST_CASE(the_making_of_its_process_belongs_to_a_file) {
  ::pthread_atfork(
      [] {
        if (forks_are_slow) os::sleep_milliseconds(5);
      },
      nullptr, nullptr);
  forks_are_slow = true;
  const auto report = write_so_many(timed(Latency::files, Placement::process_per_job));
  forks_are_slow = false;
  BOOST_REQUIRE(report.latency);
  BOOST_TEST(report.latency->file.quantile(0) >= 4 * millisecond);
}

BOOST_AUTO_TEST_CASE(what_the_caller_does_on_progress_belongs_to_no_file) {
  const TemporaryDirectory directory;
  const auto whole = so_many(files);
  const test::MeddlingPlan plan(*whole, 30, [] { os::sleep_milliseconds(120); });
  auto options = timed(Latency::files, Placement::in_process);
  bool reported = false;
  options.on_progress = [&](const WriteProgress& progress) {
    if (progress.entries_ended == files) return;
    reported = true;
    os::sleep_milliseconds(800);
  };
  const auto report = write_batch(plan, directory / "out", options);
  BOOST_TEST(reported);
  BOOST_REQUIRE(report.latency);
  BOOST_TEST(report.latency->file.count() == files);
  BOOST_TEST(report.latency->file.max() < 800 * millisecond);
}

BOOST_AUTO_TEST_CASE(only_files_that_were_written_are_timed) {
  const TemporaryDirectory directory;
  directory.write_file("manifest", R"({"path": "d", "directory": true}
{"path": "d/a", "content": "x"}
{"path": "link", "symlink": "d"}
{"path": "b", "content": "y"}
{"path": "c", "from": "absent"}
)");
  const auto plan = open_manifest(directory / "manifest");
  for (const auto if_exists : {IfExists::fail, IfExists::update, IfExists::skip}) {
    auto options = timed(Latency::calls, Placement::in_process);
    options.if_exists = if_exists;
    options.keep_going = true;
    const auto report = write_batch(*plan, directory / "out", options);
    BOOST_TEST(report.failures.size() == 1U);
    BOOST_REQUIRE(report.latency);
    BOOST_TEST(report.latency->file.count() == report.files);
    BOOST_TEST(report.latency->close.count() == report.files);
    BOOST_TEST(report.files == (if_exists == IfExists::fail ? 2U : 0U));
  }
}

BOOST_AUTO_TEST_CASE(a_worker_that_dies_takes_no_figures_of_others_along_and_no_file) {
  for (const auto placement : forking_placements) {
    for (const auto sync : {Sync::none, Sync::batch}) {
      for (const int fatal : {1, 2}) {  // when it is to be written, and when to get its name
        const TemporaryDirectory directory;
        const auto whole = so_many(files);
        test::SharedCounter asked;
        const auto driver = os::current_pid();
        const test::MeddlingPlan plan(*whole, 40, [&] {
          if (os::current_pid() != driver && asked.next() == fatal) ::raise(SIGKILL);
        });
        auto options = timed(Latency::calls, placement);
        options.sync = sync;
        const auto report = write_batch(plan, directory / "out", options);
        BOOST_TEST(report.complete());
        BOOST_TEST(report.files == files);
        BOOST_REQUIRE(report.latency);
        BOOST_TEST(report.latency->file.count() == files);
        BOOST_TEST(report.latency->open.count() == files);
        BOOST_TEST(report.latency->publish.count() == files);
      }
    }
  }
}

// By another process, wherever it is then. Only a file that had come to its name, but was not
// recorded, is lost to the figures.
BOOST_AUTO_TEST_CASE(a_worker_that_is_killed_at_any_moment_costs_the_figures_of_one_file_at_most) {
  constexpr std::uint64_t many = 600;
  const auto whole = so_many(many);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const TemporaryDirectory directory;
    const test::Shared<std::atomic<int>> victim;
    const auto driver = os::current_pid();
    const test::MeddlingPlan plan(*whole, 100, [&] {
      if (os::current_pid() != driver && *victim == 0) *victim = os::current_pid();
    });
    Process killer([&] {
      if (test::eventually([&] { return *victim != 0; })) ::kill(*victim, SIGKILL);
    });
    killer.start();
    const auto report =
        write_batch(plan, directory / "out", timed(Latency::calls, Placement::pooled));
    killer.join();
    BOOST_TEST(report.complete());
    BOOST_TEST(report.files == many);
    BOOST_REQUIRE(report.latency);
    BOOST_TEST(report.latency->file.count() + 1 >= many);
    BOOST_TEST(report.latency->file.count() <= many);
    BOOST_TEST(report.latency->open.count() >= many);
    BOOST_TEST(report.latency->open.count() <= many + 1);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_obstructed_has_no_latencies) {
  const TemporaryDirectory directory;
  directory.write_file("out/info5", "mine");
  const auto report =
      write_batch(*so_many(files), directory / "out", timed(Latency::files, Placement::pooled));
  BOOST_TEST(report.obstructed);
  BOOST_TEST(!report.latency);
}

BOOST_AUTO_TEST_CASE(a_file_begins_where_the_one_before_ended_or_where_it_was_claimed) {
  FileLatencies latencies(Latency::files, 1);
  const auto write_one = [&] { FileLatencies::File(latencies, 0).is_written(); };
  const auto longest = [&] { return latencies.merged()->file.max(); };
  os::sleep_milliseconds(50);
  write_one();  // nothing came before
  BOOST_TEST(longest() < 50 * millisecond);
  os::sleep_milliseconds(50);
  latencies.pause();
  write_one();
  BOOST_TEST(longest() < 50 * millisecond);
  os::sleep_milliseconds(50);
  latencies.claim();
  write_one();
  BOOST_TEST(longest() < 50 * millisecond);
  os::sleep_milliseconds(50);
  write_one();
  BOOST_TEST(longest() >= 50 * millisecond);
  { const FileLatencies::File not_written(latencies, 0); }
  BOOST_TEST(latencies.merged()->file.count() == 4U);
}
