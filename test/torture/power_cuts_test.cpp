// Whenever the power fails: what was promised of a batch that is synced is on the disk, and the
// next run completes the batch and removes what is left.
//
// A cut is a picture of the disk, taken in an instant while ream runs. Such a picture holds every
// write that the device has completed, so it cannot show that the device was not told to flush its
// own cache; faults.sync_order asserts which calls are made, and in which order.
#define BOOST_TEST_MODULE power_cuts
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <list>

#include "support/camera.hpp"
#include "support/messages_are_seen.hpp"
#include "support/power_cuts.hpp"
#include "support/promises_of_trees.hpp"
#include "support/run_program.hpp"
#include "support/strace.hpp"
#include "support/torture.hpp"
#include "support/traced_program.hpp"
#include "support/two_batches.hpp"

using namespace ream::test;

BOOST_TEST_GLOBAL_FIXTURE(MessagesAreSeen);

namespace {

using Call = Moment::Call;
using When = SystemCall::When;
using MaybeTree = std::optional<Tree>;

struct Way {
  bool as_a_whole;
  bool into_old;  // where an older batch is
  Words options;
};

const std::vector<Way> ways = {
    {true, false, {"--atomic", "batch"}},
    {true, true, {"--atomic", "batch", "--if-exists", "replace"}},
    {false, false, {"--atomic", "file"}},
    {false, true, {"--atomic", "file", "--if-exists", "replace"}},
};

struct Scenario {
  std::string filesystem;
  std::string sync;
  const Way& way;
  bool generated;
  bool disturbed;  // somebody else syncs a file before each picture, and helps the batch so

  std::string text() const {
    std::string words = filesystem + " --sync " + sync + (generated ? " generate" : " write");
    for (const auto& word : way.options) words += ' ' + word;
    return words + (disturbed ? ", with a neighbour" : "");
  }
};

// Takes pictures during runs, and right behind the end of those that nobody has helped.
class Bench {
 public:
  void run(const Scenario& scenario, const std::vector<Moment>& moments) {
    const Disk disk(place_.empty_disk(scenario.filesystem), scenario.filesystem, place_ / "disk");
    if (scenario.way.into_old) write_older(scenario, disk);
    std::list<Camera> cameras;
    for (const auto& moment : moments) {
      const bool disturbed = scenario.disturbed && moment.when != When::during;
      const auto picture = place_ / ("picture" + std::to_string(cameras.size()));
      cameras.emplace_back(moment, disturbed, disk, picture);
    }
    write_newer(scenario, disk, cameras);
    Camera at_the_end({}, false, disk, place_ / "end");
    if (!scenario.disturbed) at_the_end.take();
    for (const auto& camera : cameras) {
      if (camera.has_picture()) look_at_cut(scenario, camera.picture());
    }
    if (at_the_end.has_picture()) look_at_end(scenario, at_the_end.picture());
  }

  int cuts() const noexcept { return cuts_; }
  int ends() const noexcept { return ends_; }
  const Kinds& kinds() const noexcept { return kinds_; }
  const Words& wrong() const noexcept { return wrong_; }            // cuts
  const Words& lost() const noexcept { return lost_; }              // ends
  const Words& incomplete() const noexcept { return incomplete_; }  // after the next run

 private:
  const Tree& newer(const Scenario& scenario) { return batches_.tree(scenario.generated, "1"); }
  MaybeTree older(const Scenario& scenario) {
    if (!scenario.way.into_old) return std::nullopt;
    return batches_.tree(scenario.generated, "2");
  }

  void write(const Words& words, const boost::filesystem::path& root) {
    const auto ended = run_ream(words, in(root));
    BOOST_TEST(ended.exit_code == 0, ended.err);
  }

  void write_older(const Scenario& scenario, const Disk& disk) {
    write(batches_.words(scenario.generated, "2", {}), disk.root());
    sync_filesystem_of(disk.root());
  }

  void write_newer(const Scenario& scenario, const Disk& disk, std::list<Camera>& cameras) {
    const auto options = with(scenario.way.options, {"--sync", scenario.sync});
    TracedProgram ream(REAM_PROGRAM, batches_.words(scenario.generated, "1", options),
                       disk.root().native(), [&](const SystemCall& call) {
                         for (auto& camera : cameras) camera.see(call, random_);
                       });
    const auto ended = ream.wait();
    BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
  }

  void look_at_cut(const Scenario& scenario, const boost::filesystem::path& picture) {
    const Disk disk(picture, scenario.filesystem, place_ / "cut");
    const auto found = read_what_counts(disk.root() / target);
    const auto before = older(scenario);
    const auto check = scenario.way.as_a_whole ? wrong_as_a_whole : wrong_file;
    const auto problem = check(found, newer(scenario), before);
    if (!problem.empty()) wrong_.push_back(scenario.text() + ": " + problem);
    ++cuts_;
    kinds_.count(found, newer(scenario), before, !marks_in(disk.root()).empty());
    complete(scenario, disk, found.has_value());
  }

  void complete(const Scenario& scenario, const Disk& disk, bool is_there) {
    const Words again = {"--if-exists", scenario.way.as_a_whole ? "replace" : "update"};
    const auto options =
        is_there ? with({"--atomic", scenario.way.options[1]}, again) : scenario.way.options;
    write(batches_.words(scenario.generated, "1", options), disk.root());
    auto problem = wrong_at_the_end(read_what_counts(disk.root() / target), newer(scenario));
    for (const auto& mark : marks_in(disk.root())) problem += ' ' + mark;
    if (!problem.empty()) incomplete_.push_back(scenario.text() + ": " + problem);
  }

  void look_at_end(const Scenario& scenario, const boost::filesystem::path& picture) {
    const Disk disk(picture, scenario.filesystem, place_ / "cut");
    const auto found = read_what_counts(disk.root() / target);
    const auto problem = wrong_at_the_end(found, newer(scenario));
    ++ends_;
    if (!problem.empty()) lost_.push_back(scenario.text() + ": " + problem);
  }

  PlaceOfDisks place_;
  TwoBatches batches_;
  Random random_{seed()};
  int cuts_ = 0;
  int ends_ = 0;
  Kinds kinds_;
  Words wrong_, lost_, incomplete_;
};

// Four rounds hold each of them disturbed and not, generated and not; the first is any of these.
std::vector<Scenario> scenarios_of(unsigned round) {
  std::vector<Scenario> all;
  for (const auto& way : ways) {
    for (const char* sync : {"batch", "file"}) {
      const auto draw = seed() >> all.size();  // two bits for each pair
      const bool generated = ((draw >> 1 ^ round >> 1) & 1) != 0;
      const bool disturbed = ((draw ^ round) & 1) != 0;
      all.push_back({"ext4", sync, way, generated, disturbed});
      all.push_back({"xfs", sync, way, generated, !disturbed});
    }
  }
  return all;
}

const std::vector<Moment> all_moments = {
    {Call::any, When::before}, {Call::sync, When::before},   {Call::sync, When::during},
    {Call::sync, When::after}, {Call::naming, When::before}, {Call::naming, When::after},
};

// A batch that appears as a whole does so by the last name that is given.
Moment right_behind_a_name(const Way& way) {
  return {Call::naming, When::after, way.as_a_whole};
}

// With somebody else's syncs pictures around the names tell most, without them those during a sync.
std::vector<Moment> moments_for(const Scenario& scenario) {
  if (is_torture()) return with(all_moments, {right_behind_a_name(scenario.way)});
  if (scenario.disturbed) return {right_behind_a_name(scenario.way)};
  return {scenario.generated ? Moment{Call::sync, When::during} : Moment{Call::any, When::before}};
}

bool power_can_be_cut() {
  if (!faults_can_be_made()) return false;
  try {
    const PlaceOfDisks place;
    for (const char* kind : {"ext4", "xfs"}) Disk(place.empty_disk(kind), kind, place / "disk");
    return true;
  } catch (const std::runtime_error& error) {
    BOOST_TEST_MESSAGE("skipped: no disks can be made here: " << error.what());
    return false;
  }
}

std::string lines(const Words& words) {
  std::string text = "REAM_SEED=" + std::to_string(seed());
  for (const auto& word : words) text += "\n  " + word;
  return text;
}

bool has_one_with(const char* option, const Words& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const auto& problem) { return problem.find(option) != problem.npos; });
}

bool finds_all_losses(const Bench& bench) {
  return !bench.lost().empty() && has_one_with("--atomic batch", bench.wrong()) &&
         has_one_with("--atomic file", bench.wrong());
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_cut_breaks_a_promise_of_a_batch_that_is_synced) {
  if (!power_can_be_cut()) return;
  Bench bench;
  const auto rounds = quick_or_torture(1U, 4U);
  for (unsigned round = 0; round < rounds; ++round) {
    for (const auto& scenario : scenarios_of(round)) bench.run(scenario, moments_for(scenario));
  }
  BOOST_TEST(bench.wrong().empty(), lines(bench.wrong()));
  BOOST_TEST(bench.lost().empty(), lines(bench.lost()));
  BOOST_TEST(bench.incomplete().empty(), lines(bench.incomplete()));
  BOOST_TEST_MESSAGE(bench.cuts() << " cuts: " << bench.kinds().text() << "; and " << bench.ends()
                                  << " right behind the end (REAM_SEED=" << seed() << ")");
}

// Else the test above would prove nothing. The system may write back in time what nobody asks it
// to, so this is tried again.
BOOST_AUTO_TEST_CASE(the_same_looks_find_what_is_lost_without_a_sync) {
  if (!power_can_be_cut()) return;
  for (const char* filesystem : {"ext4", "xfs"}) {
    Bench bench;
    int attempts = 0;
    do {
      for (const auto& way : ways) {
        bench.run({filesystem, "none", way, true, true}, {right_behind_a_name(way)});
      }
      bench.run({filesystem, "none", ways.front(), false, false}, {});
    } while (++attempts < 5 && !finds_all_losses(bench));
    BOOST_TEST(finds_all_losses(bench), lines(bench.wrong()) << lines(bench.lost()));
    BOOST_TEST(bench.incomplete().empty(), lines(bench.incomplete()));
    BOOST_TEST_MESSAGE(filesystem << " --sync none: " << bench.wrong().size() << " of "
                                  << bench.cuts() << " cuts were bad, and " << bench.lost().size()
                                  << " of " << bench.ends() << " ends had lost something");
  }
}
