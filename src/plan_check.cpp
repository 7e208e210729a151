#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "os/beneath.hpp"
#include "os/shared_memory.hpp"
#include "plan/hash_filter.hpp"
#include "plan/path_hash.hpp"
#include "ream/error.hpp"
#include "ream/plan.hpp"
#include "ream/pool.hpp"

namespace ream {

namespace {

// Workers claim blocks of this many jobs: enough that a claim costs nothing.
constexpr std::uint64_t most_jobs_per_block = 256;

// What one block of jobs had to say.
struct BlockResult {
  std::uint64_t bad = 0;
  std::uint64_t first_bad = 0;  // an index, where bad > 0
};

// The lowest bit of a job's hash tells a directory, which may have entries beneath it and may be
// needed by others, from everything else.
constexpr std::uint64_t directory_bit = 1;

bool is_directory(const FileJob& job) {
  return std::holds_alternative<Directory>(job.content);
}

// A whole plan's paths as hashes, gathered by the workers.
class PathHashes {
 public:
  explicit PathHashes(std::uint64_t count)
      : count_(count), memory_(count * sizeof(std::uint64_t)), needed_directories_(count) {}

  void note(std::uint64_t index, const FileJob& job, bool parent_is_new) {
    const auto hash = plan::hash_path(job.path, [&](std::uint64_t parent, std::string_view) {
      if (parent_is_new) needed_directories_.add(parent & ~directory_bit);
    });
    hashes()[index] = is_directory(job) ? hash | directory_bit : hash & ~directory_bit;
  }

  // The hashes of paths that may be there twice, or both as a file and as a directory. Sorts, so
  // that the hashes belong to no index any more.
  std::unordered_set<std::uint64_t> suspects() {
    std::unordered_set<std::uint64_t> suspects;
    std::uint64_t* const end = hashes() + count_;
    for (const auto* hash = hashes(); hash != end; ++hash) {
      if ((*hash & directory_bit) == 0 && needed_directories_.may_contain(*hash)) {
        suspects.insert(*hash);
      }
    }
    std::sort(hashes(), end);
    const auto same_path = [](std::uint64_t a, std::uint64_t b) {
      return (a | directory_bit) == (b | directory_bit);
    };
    for (auto* twin = std::adjacent_find(hashes(), end, same_path); twin != end;
         twin = std::adjacent_find(twin + 1, end, same_path)) {
      suspects.insert(*twin & ~directory_bit);
    }
    return suspects;
  }

 private:
  std::uint64_t* hashes() { return reinterpret_cast<std::uint64_t*>(memory_.data()); }

  std::uint64_t count_;
  os::SharedMemory memory_;
  plan::HashFilter needed_directories_;
};

void check_path(const Plan& plan, std::uint64_t index, std::string_view path) {
  const auto problem = os::problem_with_path(path);
  if (problem.empty()) return;
  throw InputError(plan.place(index), fmt::format("the path {} {}", quoted(path), problem));
}

BlockResult check_block(const Plan& plan, std::uint64_t begin, std::uint64_t end,
                        PathHashes& hashes) {
  const auto scratch = plan.make_scratch();
  BlockResult result;
  std::string last_parent;  // empty: a path without a parent needs no directory
  for (auto index = begin; index < end; ++index) {
    try {
      const auto job = plan.job(index, *scratch);
      check_path(plan, index, job.path);
      const auto parent = os::parent_of(job.path);
      hashes.note(index, job, parent != last_parent);
      last_parent = parent;
    } catch (const InputError&) {
      if (result.bad++ == 0) result.first_bad = index;
    }
  }
  return result;
}

// The message of a bad job, from the job itself.
[[noreturn]] void throw_bad_job(const Plan& plan, std::uint64_t index, std::uint64_t others) {
  try {
    const auto scratch = plan.make_scratch();
    check_path(plan, index, plan.job(index, *scratch).path);
  } catch (const InputError& error) {
    if (others == 0) throw;
    throw InputError(error.place(), fmt::format("{} (and {} more {} bad)", error.problem(), others,
                                                others == 1 ? "entry is" : "entries are"));
  }
  throw InputError(plan.place(index), "was bad when it was read first, and is good now");
}

// Finds, of the few suspects, the paths that really are there twice. Hashes can lie, so the paths
// themselves are compared.
class ConflictSearch {
 public:
  ConflictSearch(const Plan& plan, const std::unordered_set<std::uint64_t>& suspects)
      : plan_(plan), suspects_(suspects) {}

  void run() {
    const auto scratch = plan_.make_scratch();
    for (std::uint64_t index = 0; index < plan_.size(); ++index) {
      const auto job = plan_.job(index, *scratch);
      const auto hash = plan::hash_path(job.path, [&](std::uint64_t parent, std::string_view path) {
        if (is_suspect(parent)) need_directory(path, index);
      });
      if (is_suspect(hash)) take(job, index);
    }
  }

 private:
  struct Use {
    std::optional<std::uint64_t> taken_by;  // the job with this path
    bool by_directory = false;
    std::optional<std::uint64_t> needed_by;  // the first job beneath this path
  };

  bool is_suspect(std::uint64_t hash) const { return suspects_.contains(hash & ~directory_bit); }

  void need_directory(std::string_view path, std::uint64_t index) {
    auto& use = uses_[std::string(path)];
    if (use.taken_by && !use.by_directory) throw_clash(path, *use.taken_by, index);
    if (!use.needed_by) use.needed_by = index;
  }

  void take(const FileJob& job, std::uint64_t index) {
    auto& use = uses_[std::string(job.path)];
    if (use.taken_by) {
      throw InputError(plan_.place(index),
                       fmt::format("the path {} is given already by {}", quoted(job.path),
                                   plan_.place(*use.taken_by)));
    }
    if (use.needed_by && !is_directory(job)) throw_clash(job.path, index, *use.needed_by);
    use.taken_by = index;
    use.by_directory = is_directory(job);
  }

  [[noreturn]] void throw_clash(std::string_view path, std::uint64_t as_file,
                                std::uint64_t as_directory) const {
    const auto problem =
        as_file < as_directory
            ? fmt::format("needs {} as a directory, but {} makes it something else", quoted(path),
                          plan_.place(as_file))
            : fmt::format("makes {} something else than the directory that {} needs", quoted(path),
                          plan_.place(as_directory));
    throw InputError(plan_.place(std::max(as_file, as_directory)), problem);
  }

  const Plan& plan_;
  const std::unordered_set<std::uint64_t>& suspects_;
  std::map<std::string, Use> uses_;
};

PoolRun<BlockResult> check_blocks(const Plan& plan, std::uint64_t jobs_per_block,
                                  PathHashes& hashes, const PlanCheckOptions& check) {
  PoolOptions options;
  options.workers = check.workers;
  options.placement = check.workers == 1 ? Placement::in_process : Placement::pooled;
  options.slots = check.slots;
  if (options.placement == Placement::pooled) options.stop_signals = check.stop_signals;
  options.keep_going = true;
  const auto blocks = (plan.size() + jobs_per_block - 1) / jobs_per_block;
  return run_jobs<BlockResult>(
      blocks,
      [&](std::uint64_t block, Job<BlockResult>& job) {
        const auto begin = block * jobs_per_block;
        const auto end = std::min(begin + jobs_per_block, plan.size());
        job.result() = check_block(plan, begin, end, hashes);
      },
      {}, options);
}

// A block without a result was not checked: its worker died, or the plan's source fails to be read.
void throw_if_unchecked(const Plan& plan, const PoolRun<BlockResult>& run) {
  plan.check_source();
  for (std::uint64_t block = 0; block < run.size(); ++block) {
    if (run.state(block) == JobState::done) continue;
    std::string why = run.trouble();
    if (!run.texts().empty()) why = run.texts().front().second;
    if (!run.killers().empty()) why = "a worker was " + run.killers().front().second.to_string();
    throw std::runtime_error("the input could not be checked: " + why);
  }
}

void throw_if_bad(const Plan& plan, const PoolRun<BlockResult>& run) {
  std::uint64_t bad = 0;
  std::optional<std::uint64_t> first;
  for (std::uint64_t block = 0; block < run.size(); ++block) {
    const auto& result = run.result(block);
    bad += result.bad;
    if (result.bad > 0 && !first) first = result.first_bad;
  }
  if (first) throw_bad_job(plan, *first, bad - 1);
}

}  // namespace

std::optional<int> check_plan(const Plan& plan, const PlanCheckOptions& options) {
  const auto jobs_per_block = std::clamp<std::uint64_t>(plan.size() / 64, 1, most_jobs_per_block);
  PathHashes hashes(plan.size());
  {
    const auto run = check_blocks(plan, jobs_per_block, hashes, options);
    if (run.stopped_by()) return run.stopped_by();
    throw_if_unchecked(plan, run);
    throw_if_bad(plan, run);
  }
  const auto suspects = hashes.suspects();
  if (!suspects.empty()) ConflictSearch(plan, suspects).run();
  plan.check_source();
  return std::nullopt;
}

}  // namespace ream
