// How a batch went. Values only: a report can be kept, compared and sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ream/api.hpp"
#include "ream/error.hpp"
#include "ream/exit_status.hpp"
#include "ream/latency.hpp"

namespace ream {

struct Failure {
  std::uint64_t index = 0;  // of the job in the plan
  std::string path;
  Operation operation = Operation::none;
  int error_number = 0;  // errno, 0 where there is none
  std::string text;      // the whole sentence, ready to show
};

// The indexes `first` up to, not including, `last`.
struct IndexRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size() const noexcept { return last - first; }
  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

struct WorkerReport {
  int pid = 0;
  std::uint64_t files = 0;  // entries of any kind that it ended, well or not
  std::uint64_t bytes = 0;
  double seconds = 0;  // from its start until it had no more to do
  ExitStatus status;
};

// Seconds of each phase, by the driver's monotonic clock. `plan` is the check of the plan, `write`
// runs from the first fork to the barrier and the links and directories after it. Two parts of it:
// `fork` until the last worker was started, `join` from when the last worker had no more to do
// until all had been waited for, which is the barrier. `sync` is what is waited for after the
// barrier.
struct PhaseSeconds {
  double plan = 0;
  double fork = 0;
  double write = 0;
  double join = 0;
  double sync = 0;
  double publish = 0;
  double list = 0;
};

struct Report {
  std::uint64_t jobs = 0;  // of the plan
  std::uint64_t files = 0;
  std::uint64_t links = 0;
  std::uint64_t directories = 0;  // those that the plan names
  std::uint64_t bytes = 0;        // of files
  std::uint64_t unchanged = 0;    // files and links that were as they should be, but for their time
  std::uint64_t skipped = 0;      // files and links in whose place something was left as it was

  // Nothing of the batch is there, since it is published as a whole and is not complete, or could
  // not be brought to the disk: what had been written was removed again, and is not counted above.
  bool withdrawn = false;
  // The batch is in its place, but nobody can say that it is on the disk, as was asked for:
  // `trouble` says why.
  bool unsynced = false;
  // Something was in the way of entries, which `failures` name: nothing was written.
  bool obstructed = false;

  // The batch is there, but the checksum file that was asked for is not: `trouble` says why.
  bool without_sums = false;

  // With WriteOptions::record: files and links that were removed, since the plan does not have them
  // any more; and a sentence for each that was kept, since it is not as it was left.
  std::uint64_t removed = 0;
  std::vector<std::string> kept;
  // The batch is there, but something that should be removed is too, or the record could not be
  // written: `trouble` says why.
  bool unpruned = false;

  // Anything was made, replaced or removed, or given another mode or mtime, or may have been in a
  // batch that was stopped.
  bool changed = false;

  std::vector<Failure> failures;
  // Jobs that were never begun or not brought to their end, since the batch stopped before.
  std::vector<IndexRange> not_attempted;
  // What went wrong where no failure says it: "cannot start a worker process: …".
  std::string trouble;
  std::optional<int> stopped_by;  // the signal that ended the batch

  std::vector<WorkerReport> workers;
  PhaseSeconds seconds;

  // When the first worker that did not die had no more to do, and when the last had: from the start
  // of the write phase. What lies between is the tail, in which not all of them had work.
  double first_done_seconds = 0;
  double last_done_seconds = 0;

  // Where WriteOptions::latency asks for it, and the batch was not obstructed.
  std::optional<LatencyReport> latency;

  // Every entry of the plan is complete, in place, and as durable as was asked for; and so is the
  // checksum file. What is not in the plan any more is removed, as far as it should be.
  bool complete() const noexcept {
    return failures.empty() && not_attempted.empty() && !withdrawn && !unsynced && !without_sums &&
           !unpruned;
  }
};

// The report as one JSON object, fields named as above, a range as [first, last], a histogram as
// {"count", "p50", "p90", "p99", "p99.9", "max"} with nanoseconds, what is absent as null. Bytes of
// a text that are not UTF-8 are shown as escapes (\xff).
REAM_API std::string to_json(const Report& report);

}  // namespace ream
