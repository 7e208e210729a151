// Checksum files by the library, where workers die and what is read changes.
#define BOOST_TEST_MODULE sums
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "ream/batch.hpp"
#include "ream/error.hpp"
#include "ream/generator.hpp"
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
