// Removes what earlier runs left and the plan does not have any more.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "batch/record_text.hpp"
#include "ream/plan.hpp"
#include "ream/pool.hpp"

namespace ream {

struct Stale {
  std::vector<RecordEntry> stale;          // no path of the plan, and no directory that it needs
  std::vector<RecordEntry> still_planned;  // the others
};

// Throws InputError where the plan cannot be read.
Stale find_stale(const std::vector<RecordEntry>& entries, const Plan& plan);

struct Pruned {
  std::vector<std::string> removed;       // paths of files and links
  std::uint64_t removed_directories = 0;  // none where it is only foreseen
  std::vector<std::string> kept;          // sentences about those that were changed since
  std::vector<RecordEntry> left;          // still there, and still ream's
  std::string trouble;                    // why, of the first that could not be removed
  std::optional<int> stopped_by;
};

enum class Removal { is_done, is_foreseen };

// Removes `stale` entries, sorted by their paths, beneath `root`, where they are what the record
// says: a file with the same size and digest, a link with the same target; then directories that
// are empty. No link is followed. What the plan calls by another name, on a filesystem where
// "Readme" and "README" are one, stays: two names are one file where they differ in letters' case
// at most, or in characters beyond ASCII, and have the same device and inode. The work is done by
// workers, as `options` say. What is foreseen is told as if it were done, and left there. Throws
// what run_jobs() throws, and InputError where the plan cannot be read.
Pruned prune(int root, const boost::filesystem::path& shown, const std::vector<RecordEntry>& stale,
             const Plan& plan, const PoolOptions& options, Removal removal = Removal::is_done);

}  // namespace ream
