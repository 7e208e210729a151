// A directory is swapped for a link to the outside again and again while a batch is written through
// it. Nothing comes to the outside, and what is missing inside is named.
#define BOOST_TEST_MODULE swapped_directory
#include <sys/resource.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

#include "hostile/sandbox.hpp"
#include "hostile/swapper.hpp"
#include "support/run_program.hpp"
#include "support/temporary_files_in_memory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;
namespace json = boost::json;

namespace {

constexpr int files = 10'000;
constexpr int directories = 50;

// Where a swap is a matter of luck: so often at most.
constexpr int most_rounds = 30;

std::string path_of_file(int i) {
  return "d/" + std::to_string(i % directories) + "/f" + std::to_string(i);
}

std::string manifest() {
  std::string all = R"({"path": "d", "directory": true, "mode": "0700", "mtime": "5"})"
                    "\n";
  for (int i = 0; i < files; ++i)
    all += R"({"path": ")" + path_of_file(i) + "\", \"content\": \"x\"}\n";
  for (int i = 0; i < directories; ++i) {
    all += R"({"path": "d/)" + std::to_string(i) + "/l\", \"symlink\": \"x\"}\n";
  }
  return all;
}

// A sandbox with a link to the outside, for a swapper.
class Arena : public Sandbox {
 public:
  Arena() {
    fs::create_directory(work() / "swap");
    fs::create_symlink(work() / "outside", link());
    fs::ofstream(work() / "swap/manifest") << manifest();
    close();
  }
  fs::path link() const { return work() / "swap/link"; }
  std::string pattern(const std::string& rest) const { return (work() / rest).native(); }

  // None where the batch could not even be begun.
  std::optional<json::value> report() const {
    fs::ifstream in(work() / "swap/report");
    if (!in) return std::nullopt;
    return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  }
};

// So few descriptors that a worker keeps a few directories open only, and comes through the one
// that is swapped again and again.
void limit_descriptors() {
  const rlimit few{20, 20};
  ::setrlimit(RLIMIT_NOFILE, &few);
}

Ended write_in(const Arena& arena, const std::string& atomic, const std::string& target) {
  RunOptions options;
  options.directory = arena.work().native();
  options.before_exec = limit_descriptors;
  return run_ream({"write", "-q", "-k", "--list", "none", "--report", "swap/report", "--atomic",
                   atomic, "swap/manifest", target},
                  options);
}

std::size_t files_in(const fs::path& directory) {
  const auto all = snapshot_of(directory);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& entry) {
    return S_ISREG(entry.second.status.st_mode);
  }));
}

// What is not there is named, and what is not named is there.
void check_report(const json::value& report, const Ended& ended, std::size_t there) {
  const auto failed = report.at("failures").as_array().size();
  const auto written = report.at("files").to_number<std::size_t>();
  const auto lines = std::count(ended.err.begin(), ended.err.end(), '\n');
  const bool withdrawn = report.at("withdrawn").as_bool();
  BOOST_TEST((failed == 0 && !withdrawn) == (ended.exit_code == 0));
  BOOST_TEST(static_cast<std::size_t>(lines) >= failed);
  BOOST_TEST(there == written);
  if (!withdrawn) BOOST_TEST(written + failed >= std::size_t{files});
}

void check_account(const Arena& arena, const Ended& ended, const std::string& target) {
  const auto there = files_in(arena.work() / target);
  if (const auto report = arena.report()) return check_report(*report, ended, there);
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.err.find("'" + target + "'") != std::string::npos);
  BOOST_TEST(there == 0U);
}

// A hidden directory that could not be removed while somebody swapped in it is named, and can be
// removed when nobody does.
void check_leftovers(const Arena& arena, const Ended& ended, const std::string& target) {
  RunOptions options;
  options.directory = arena.work().native();
  const auto cleaned = run_ream({"clean", target}, options);
  BOOST_TEST(cleaned.exit_code == 0);
  if (!cleaned.out.empty()) BOOST_TEST(ended.err.find("cannot remove '") != std::string::npos);
}

struct Attack {
  std::string begins_at;       // what has to be there before: a pattern
  std::string swapped;         // empty: what the pattern has found
  std::string target = "out";  // of the run
};

// How often somebody swapped while the run went on.
struct Round {
  std::uint64_t swaps;
  Ended ended;
};

Round attack(const Attack& how, const std::string& atomic) {
  Arena arena;
  if (how.swapped == how.target) fs::create_directory(arena.target());
  const auto entry = how.swapped.empty() ? fs::path() : arena.work() / how.swapped;
  Swapper swapper(arena.pattern(how.begins_at), arena.link(), entry);
  const auto ended = write_in(arena, atomic, how.target);
  const auto swaps = swapper.swaps();
  swapper.stop();
  BOOST_TEST_CONTEXT(atomic << ", " << swaps << " swaps: " << ended.err.substr(0, 1000)) {
    check_account(arena, ended, how.target);
    check_leftovers(arena, ended, how.target);
    for (const auto& change : arena.changes_around()) BOOST_ERROR(change);
  }
  return {swaps, ended};
}

// Until a round has shown what it should: when a process runs is the system's affair.
template <class Shown>
bool attack_until(const Attack& how, const std::string& atomic, Shown shown) {
  for (int round = 0; round < most_rounds; ++round) {
    if (shown(attack(how, atomic))) return true;
  }
  return false;
}

bool swapped_often(const Round& round) {
  return round.swaps > 100;
}

bool met_the_link(const Round& round) {
  return swapped_often(round) &&
         round.ended.err.find("cannot open the directory 'd': a symbolic link is in the way") !=
             std::string::npos;
}

const std::vector<std::string> in_place = {"none", "file"};

// What a program does that knows nothing of links.
void write_naively(const fs::path& target) {
  fs::create_directories(target / "d");
  for (int i = 0; i < files; ++i) {
    const auto path = target / "d" / std::to_string(i);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) ::close(file);
  }
}

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(TemporaryFilesInMemory);

BOOST_AUTO_TEST_CASE(a_naive_writer_writes_outside) {
  const auto escapes = [] {
    Arena arena;
    Swapper swapper(arena.pattern("out/d"), arena.link());
    write_naively(arena.target());
    swapper.stop();
    return !arena.changes_around().empty();
  };
  bool escaped = false;
  for (int round = 0; round < most_rounds && !escaped; ++round) escaped = escapes();
  BOOST_TEST(escaped);
}

BOOST_DATA_TEST_CASE(a_directory_in_the_target_is_swapped, in_place, atomic) {
  BOOST_TEST(attack_until({.begins_at = "out/d", .swapped = ""}, atomic, met_the_link));
}

BOOST_AUTO_TEST_CASE(a_directory_in_a_batch_that_nobody_sees_yet_is_swapped) {
  const Attack how = {.begins_at = ".out.ream-*/tree/d", .swapped = ""};
  BOOST_TEST(attack_until(how, "batch", met_the_link));
}

BOOST_DATA_TEST_CASE(the_target_is_swapped, in_place, atomic) {
  BOOST_TEST(attack_until({.begins_at = "out/d", .swapped = "out"}, atomic, swapped_often));
}

BOOST_AUTO_TEST_CASE(the_target_of_a_batch_is_swapped) {
  const Attack how = {.begins_at = ".out.ream-*/tree/d", .swapped = "out"};
  BOOST_TEST(attack_until(how, "batch", swapped_often));
}

BOOST_DATA_TEST_CASE(the_parent_of_the_target_is_swapped, in_place, atomic) {
  const Attack how = {.begins_at = "out/t/d", .swapped = "out", .target = "out/t"};
  BOOST_TEST(attack_until(how, atomic, swapped_often));
}

BOOST_AUTO_TEST_CASE(the_parent_of_the_target_of_a_batch_is_swapped) {
  const Attack how = {.begins_at = "out/.t.ream-*/tree/d", .swapped = "out", .target = "out/t"};
  BOOST_TEST(attack_until(how, "batch", swapped_often));
}
