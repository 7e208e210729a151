// Whoever is killed at whatever moment of a batch: it keeps its promise, and the next run completes
// it and removes what is left.
#define BOOST_TEST_MODULE kill_sweep
#include <boost/filesystem/directory.hpp>
#include <boost/test/unit_test.hpp>

#include "support/fast_place.hpp"
#include "support/kills.hpp"
#include "support/leak_check.hpp"
#include "support/messages_are_seen.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"
#include "support/torture.hpp"
#include "support/tree_image.hpp"

using namespace ream::test;

BOOST_TEST_GLOBAL_FIXTURE(MessagesAreSeen);

namespace {

using Words = std::vector<std::string>;

enum class Promise { batch, file, none };

struct Way {
  Promise promise;
  bool into_old;  // where an older batch is
  Words options;
};

const std::vector<Way> ways = {
    {Promise::batch, false, {"--atomic", "batch"}},
    {Promise::file, false, {"--atomic", "file"}},
    {Promise::none, false, {"--atomic", "none"}},
    {Promise::batch, true, {"--atomic", "batch", "--if-exists", "replace"}},
    {Promise::file, true, {"--atomic", "file", "--if-exists", "update"}},
    {Promise::file, false, {"--atomic", "file", "--sync", "batch"}},
};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words batch(const Words& options, const char* seed = "1") {
  const Words words = {"generate", "-q",     "-j4",    "--count", "2000",   "--size", "1K..4K",
                       "--fill",   "random", "--list", "none",    "--seed", seed};
  return with(with(words, options), {"--report", "../report", "out"});
}

// The batch is written in a directory with nothing else in it, and its report beside that.
class Workplace {
 public:
  Workplace() : directory_(fast_place()) { directory_.make_directory("work"); }

  RunOptions options() const {
    auto options = without_leak_check();
    options.directory = (directory_ / "work").native();
    return options;
  }
  void write(const Words& words) const {
    const auto ended = run_ream(words, options());
    BOOST_TEST(ended.exit_code == 0, ended.err);
  }
  std::optional<Contents> contents() const { return read_contents(directory_ / "work/out"); }
  bool has_workers_killed() const {
    return directory_.read_file("report").find("SIGKILL") != std::string::npos;
  }
  void expect_nothing_left() const {
    namespace fs = boost::filesystem;
    BOOST_TEST(marks_in(directory_ / "work") == Words{}, boost::test_tools::per_element());
    const fs::directory_iterator begin(directory_ / "work");
    BOOST_TEST(std::distance(begin, fs::directory_iterator()) == 1);
  }

 private:
  TemporaryDirectory directory_;
};

// What an undisturbed run writes, and how long it takes at best.
struct Undisturbed {
  explicit Undisturbed(const char* seed) {
    for (int i = 0; i < 3; ++i) {
      const Workplace place;
      duration = std::min(duration, time_of([&] { place.write(batch({}, seed)); }));
      contents = place.contents().value();
    }
  }
  Contents contents;
  Duration duration = Duration::max();
};

const Undisturbed& undisturbed() {
  static const Undisturbed measured("1");
  return measured;
}

const Contents& old_contents() {
  static const Undisturbed measured("2");
  return measured.contents;
}

using Victims = void (*)(Running& running, Random& random);

void one_worker(Running& running, Random& random) {
  const auto workers = children_of(running.pid());
  if (!workers.empty()) ::kill(workers[below(workers.size(), random)], SIGKILL);
}

void several_workers(Running& running, Random& random) {
  for (const auto worker : children_of(running.pid())) {
    if (below(4, random) != 0) ::kill(worker, SIGKILL);
  }
}

void the_driver(Running& running, Random&) {
  running.send_signal(SIGKILL);
}

void the_whole_group(Running& running, Random&) {
  running.send_signal_to_group(SIGKILL);
}

bool is_one_of(const Contents& contents, const Contents::value_type& file) {
  const auto found = contents.find(file.first);
  return found != contents.end() && found->second == file.second;
}

// Of a run that was killed itself.
void expect_promise(const Way& way, const Workplace& place) {
  const auto found = place.contents();
  if (way.promise == Promise::batch) {
    const bool as_before = way.into_old ? found == old_contents() : !found;
    BOOST_TEST((as_before || found == undisturbed().contents));
  }
  if (way.promise != Promise::file || !found) return;
  for (const auto& file : *found) {
    const bool old = way.into_old && is_one_of(old_contents(), file);
    BOOST_TEST((old || is_one_of(undisturbed().contents, file)), file.first);
  }
}

void expect_next_run_completes(const Way& way, const Workplace& place) {
  const bool fresh_batch = way.promise == Promise::batch && !way.into_old;
  if (fresh_batch && place.contents()) {
    BOOST_TEST(run_ream({"clean", "out"}, place.options()).exit_code == 0);
  } else if (fresh_batch) {
    place.write(batch(way.options));
  } else {
    const bool replaces = way.promise == Promise::batch;
    const Words again = {"--if-exists", replaces ? "replace" : "update"};
    place.write(batch(way.into_old ? way.options : with(way.options, again)));
  }
  BOOST_TEST((place.contents() == undisturbed().contents));
  place.expect_nothing_left();
}

// A worker that dies between making a file and saying so costs that file, by name, where an empty
// one under that name may be somebody's: it was born in the tick in which the batch began.
bool is_named_failure(const Way& way, const Ended& ended) {
  return way.promise == Promise::none && ended.exit_code == 1 &&
         ended.err.find("': File exists\n") != std::string::npos;
}

struct Counts {
  int kills = 0;
  int hits = 0;  // kills that met somebody who ran
  int named_failures = 0;
};

void expect_after_kill(const Way& way, const Workplace& place, const Ended& ended, Counts& counts) {
  if (is_named_failure(way, ended)) {
    ++counts.named_failures;
  } else if (ended.signal != SIGKILL) {
    BOOST_TEST(ended.exit_code == 0, ended.err);
    BOOST_TEST((place.contents() == undisturbed().contents));
    place.expect_nothing_left();
    counts.hits += place.has_workers_killed();
    return;
  }
  ++counts.hits;
  expect_promise(way, place);
}

void kill_once(const Way& way, Victims victims, Random& random, Counts& counts) {
  const Workplace place;
  if (way.into_old) place.write(batch({}, "2"));
  Running running(REAM_PROGRAM, batch(way.options), place.options());
  let_pass_some_of(undisturbed().duration, random);
  victims(running, random);
  ++counts.kills;
  const auto ended = running.wait();
  BOOST_TEST(eventually([&] { return !running.anyone_left(); }));
  expect_after_kill(way, place, ended, counts);
  expect_next_run_completes(way, place);
}

// `fewest` of the kills in a hundred hit at least, where there are many.
void sweep(const char* name, Victims victims, int fewest) {
  Random random(seed());
  const int kills = quick_or_torture(5, 500);
  Counts counts;
  for (int i = 0; i < kills; ++i) {
    const auto& way = ways[static_cast<std::size_t>(i) % ways.size()];
    BOOST_TEST_CONTEXT("REAM_SEED=" << seed() << ", kill " << i << " of " << name << " during "
                                    << way.options[1] << (way.into_old ? " into an old one" : "")) {
      kill_once(way, victims, random, counts);
    }
  }
  BOOST_TEST_MESSAGE(counts.hits << " of " << kills << " kills hit " << name << ", "
                                 << counts.named_failures << " cost a file (REAM_SEED=" << seed()
                                 << ", a run takes " << undisturbed().duration.count() << " us)");
  if (!is_torture()) return;
  BOOST_TEST(counts.hits * 100 >= kills * fewest);
  BOOST_TEST(counts.named_failures * 20 <= kills);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_killed_worker_costs_nothing) {
  sweep("a worker", one_worker, 10);
}

BOOST_AUTO_TEST_CASE(several_killed_workers_cost_nothing) {
  sweep("several workers", several_workers, 10);
}

BOOST_AUTO_TEST_CASE(a_killed_driver_leaves_what_was_promised) {
  sweep("the driver", the_driver, 50);
}

BOOST_AUTO_TEST_CASE(a_killed_group_leaves_what_was_promised) {
  sweep("the whole group", the_whole_group, 50);
}
