// Batch after batch into one directory, some of them killed: each that ends completes it, nothing
// piles up there, and nothing in a process that writes many.
#define BOOST_TEST_MODULE soak
#include <malloc.h>

#include <boost/filesystem/directory.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "ream/batch.hpp"
#include "ream/manifest.hpp"
#include "support/children.hpp"
#include "support/fast_place.hpp"
#include "support/kills.hpp"
#include "support/leak_check.hpp"
#include "support/messages_are_seen.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/torture.hpp"
#include "support/tree_image.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(MessagesAreSeen);

namespace {

using Words = std::vector<std::string>;

constexpr int files = 400;

std::string path_of(int number) {
  return "d" + std::to_string(number % 7) + "/f" + std::to_string(number);
}

// In each round other files have something new in them.
std::string content_of(int number, int round) {
  const int changed = round - (round + number) % 5;
  return std::string(static_cast<std::size_t>(number * 7 % 3000), 'a') + std::to_string(changed);
}

Contents wanted_in(int round) {
  Contents wanted;
  for (int i = 0; i < files; ++i) wanted[path_of(i)] = content_of(i, round);
  return wanted;
}

std::string manifest_of(const Contents& wanted) {
  std::ostringstream text;
  for (const auto& [path, content] : wanted) {
    text << R"({"path": ")" << path << R"(", "content": ")" << content << "\"}\n";
  }
  return text.str();
}

// The directory of the batches, and nothing beside it.
class Workplace {
 public:
  Workplace() : directory_(fast_place()) { directory_.make_directory("work"); }

  fs::path manifest() const { return directory_ / "m"; }
  fs::path target() const { return directory_ / "work/out"; }
  void set_manifest(const Contents& wanted) const {
    directory_.write_file("m", manifest_of(wanted));
  }

  void expect(const Contents& wanted) const {
    BOOST_TEST((read_contents(target()) == wanted));
    BOOST_TEST(marks_in(directory_ / "work") == Words{}, boost::test_tools::per_element());
    const fs::directory_iterator begin(directory_ / "work");
    BOOST_TEST(std::distance(begin, fs::directory_iterator()) == 1);
  }

 private:
  TemporaryDirectory directory_;
};

Words update(const Workplace& place) {
  return {"write",
          "-q",
          "-j3",
          "--list",
          "none",
          "--atomic",
          "file",
          "--if-exists",
          "update",
          place.manifest().native(),
          place.target().native()};
}

// The driver, a worker or all of them. Whether the run ended by it.
bool kill_somebody(const Workplace& place, Duration duration, Random& random) {
  Running running(REAM_PROGRAM, update(place), without_leak_check());
  let_pass_some_of(duration, random);
  const auto workers = children_of(running.pid());
  switch (below(3, random)) {
    case 0:
      running.send_signal(SIGKILL);
      break;
    case 1:
      running.send_signal_to_group(SIGKILL);
      break;
    default:
      if (!workers.empty()) ::kill(workers[below(workers.size(), random)], SIGKILL);
  }
  const auto ended = running.wait();
  BOOST_TEST((ended.exit_code == 0 || ended.signal == SIGKILL), ended.err);
  BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
  return ended.signal == SIGKILL;
}

// Of memory that is this process's alone, in KiB.
long private_memory() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  long sum = 0;
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with("Private_")) sum += std::stol(line.substr(line.find(':') + 1));
  }
  return sum;
}

struct Use {
  std::size_t descriptors = open_descriptors();
  std::size_t allocated = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
  long memory = private_memory();
};

bool is_measurable() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;  // a sanitizer keeps what is freed
#else
  return true;
#endif
}

void expect_flat(const Use& early, const Use& late) {
  BOOST_TEST_MESSAGE("from the tenth batch of a process to the last: "
                     << early.descriptors << " and " << late.descriptors << " descriptors, "
                     << early.allocated << " and " << late.allocated << " bytes allocated, "
                     << early.memory << " and " << late.memory << " KiB private");
  BOOST_TEST(late.descriptors == early.descriptors);
  if (!is_measurable()) return;
  constexpr std::size_t few_bytes = 2000;
  constexpr long few_kib = 256;  // pages that one batch happens to touch and another does not
  BOOST_TEST(late.allocated <= early.allocated + few_bytes);
  BOOST_TEST(late.memory <= early.memory + few_kib);
}

void write_in_this_process(const Workplace& place, int round) {
  place.set_manifest(wanted_in(round));
  ream::WriteOptions options;
  options.workers = 2;
  options.atomic = ream::Atomic::file;
  options.if_exists = ream::IfExists::update;
  const auto report =
      ream::write_batch(*ream::open_manifest(place.manifest()), place.target(), options);
  BOOST_TEST(report.complete());
}

}  // namespace

BOOST_AUTO_TEST_CASE(batches_and_kills_in_turns_leave_one_complete_directory) {
  Random random(seed());
  const Workplace place;
  const int rounds = quick_or_torture(30, 2000);
  int kills = 0;
  auto duration = Duration::max();
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("REAM_SEED=" << seed() << ", round " << round) {
      const auto wanted = wanted_in(round);
      place.set_manifest(wanted);
      if (round > 0 && below(2, random) == 0) kills += kill_somebody(place, duration, random);
      duration = std::min(duration, time_of([&] {
                            const auto ended = run_ream(update(place));
                            BOOST_TEST(ended.exit_code == 0, ended.err);
                          }));
      place.expect(wanted);
    }
  }
  BOOST_TEST_MESSAGE(rounds << " rounds, " << kills << " runs killed (REAM_SEED=" << seed()
                            << ", a run takes " << duration.count() << " us)");
}

BOOST_AUTO_TEST_CASE(a_process_that_writes_many_batches_needs_no_more_for_it) {
  const Workplace place;
  const int rounds = quick_or_torture(60, 200);
  Use early;
  for (int round = 1; round <= rounds; ++round) {
    write_in_this_process(place, round);
    if (round == 10) early = Use();
  }
  expect_flat(early, Use());
  place.expect(wanted_in(rounds));
}
