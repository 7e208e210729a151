// Checksum files by the library, where workers die and what is read changes.
#define BOOST_TEST_MODULE sums
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "ream/verify.hpp"
#include "support/meddling_plan.hpp"
#include "support/shared_counter.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using test::MeddlingPlan;
using test::SharedCounter;

namespace {

std::unique_ptr<Plan> files(std::uint64_t count) {
  GeneratorOptions options;
  options.count = count;
  options.size = 10;
  options.largest_size = 300'000;
  options.fill = GeneratorOptions::FillKind::text;
  return make_generator(options);
}

WriteOptions with_sums(const TemporaryDirectory& directory, Atomic atomic) {
  WriteOptions options;
  options.workers = 2;
  options.atomic = atomic;
  options.sums = directory / "sums";
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_worker_that_dies_costs_no_line) {
  for (const auto atomic : {Atomic::none, Atomic::file, Atomic::batch}) {
    const TemporaryDirectory directory;
    const auto driver = ::getpid();
    SharedCounter asked;
    const auto plan = files(100);
    const MeddlingPlan deadly(*plan, 70, [&] {
      if (::getpid() != driver && asked.next() == 1) ::raise(SIGKILL);
    });
    BOOST_TEST(write_batch(deadly, directory / "out", with_sums(directory, atomic)).complete());
    const auto verified = verify(directory / "out", directory / "sums", {.exact = true});
    BOOST_TEST(verified.good());
    BOOST_TEST(verified.files == 100U);
  }
}

BOOST_AUTO_TEST_CASE(a_difference_has_its_kind) {
  const TemporaryDirectory directory;
  BOOST_TEST(
      write_batch(*files(5), directory / "out", with_sums(directory, Atomic::batch)).complete());
  directory.remove("out/info1");
  directory.write_file("out/info2", "x");
  directory.write_file("out/more", "x");
  const auto verified = verify(directory / "out", directory / "sums", {.exact = true});
  BOOST_TEST(!verified.good());
  BOOST_TEST(verified.files == 3U);
  BOOST_REQUIRE(verified.differences.size() == 3U);
  using Kind = Difference::Kind;
  BOOST_TEST((verified.differences[0].kind == Kind::missing));
  BOOST_TEST(verified.differences[0].path == "info1");
  BOOST_TEST((verified.differences[1].kind == Kind::different));
  BOOST_TEST((verified.differences[2].kind == Kind::extra));
}

BOOST_AUTO_TEST_CASE(a_checksum_file_within_is_bad_input) {
  const TemporaryDirectory directory;
  auto options = with_sums(directory, Atomic::automatic);
  options.sums = directory / "out/sums";
  BOOST_CHECK_THROW(write_batch(*files(2), directory / "out", options), InputError);
  BOOST_TEST(!directory.contains("out"));
  BOOST_CHECK_THROW(verify(directory.path(), directory / "absent"), InputError);
}

// Where the manifest is changed meanwhile a line may belong to another file by now.
BOOST_AUTO_TEST_CASE(a_manifest_that_changes_while_it_is_written_is_refused) {
  const std::string one = "{\"path\": \"a\", \"content\": \"1\"}\n";
  const std::string other = "{\"path\": \"b\", \"content\": \"2\"}\n";
  for (const auto atomic : {Atomic::batch, Atomic::file}) {
    const TemporaryDirectory directory;
    directory.write_file("m", one + other);
    const auto manifest = open_manifest(directory / "m");
    auto options = with_sums(directory, atomic);
    options.sync = Sync::batch;
    options.placement = Placement::in_process;
    const MeddlingPlan changing(*manifest, 1, [&] {
      boost::filesystem::ofstream(directory / "m", std::ios::in | std::ios::out) << other + one;
      boost::filesystem::last_write_time(directory / "m", 5);
    });
    try {
      BOOST_TEST(!write_batch(changing, directory / "out", options).complete());
    } catch (const InputError& error) {
      BOOST_TEST(error.problem() == "was changed while it was read");
    }
    BOOST_TEST(!directory.contains("out/a"));
    BOOST_TEST(!directory.contains("sums"));
  }
}
