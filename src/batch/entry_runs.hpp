// What is done with the entries of a batch, one run over them after the other: they are looked for,
// written, given their names, finished, brought to the disk; and what becomes of each is reported.
#pragma once

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "batch/batch_report.hpp"
#include "batch/file_latencies.hpp"
#include "os/signals.hpp"
#include "ream/plan.hpp"
#include "ream/write_options.hpp"
#include "sink/entry_writer.hpp"

namespace ream {

class EntryRuns {
 public:
  // Where the entries go, and how their files come to their names. `root` stays open.
  struct Place {
    int root;
    sink::FileNaming naming;
    IfExists if_exists;
    boost::filesystem::path shown;         // what the root is called in messages
    sink::DigestTable* digests = nullptr;  // where workers leave the digests of files
  };

  // `plan`, `options` and `stop` must outlive it.
  EntryRuns(const Plan& plan, Place place, const WriteOptions& options,
            const os::StopSignals& stop);

  // Looks for what is in the way of each entry; nothing is changed. Where there is anything the
  // report is about that.
  bool find_obstacles();

  // Directories and files, by the workers. Where files appear later they are not counted yet.
  void write();

  // Only where files appear later: gives those that were written their names, or takes them and the
  // directories that were made for them away. What has no name afterwards is gone, unless
  // leaves_something() says otherwise. Publishing throws Error where no process could be started
  // for it: nothing is published then.
  void publish_files();
  void withdraw();
  bool leaves_something() const noexcept { return leaves_something_; }

  // Links, and the attributes of directories, by the caller. Links come after all files and
  // directories, so that nothing is ever written through one; directories get their mode and mtime
  // last, the deepest first, when nothing beneath them will change any more.
  void finish();

  // Brings the names in all directories that entries are in to the disk, the deepest first. Throws
  // Error.
  void sync_directories();

  // Calls use(index, path) for each regular file that is there as the plan says, in its order.
  template <class Use>
  void for_each_file(Use use) {
    for (std::uint64_t index = 0; index < written_->size(); ++index) {
      if (is_file_as_planned(*written_, index) && !is_left_out(index)) {
        use(index, read_job(index).path);
      }
    }
  }

  // Calls use(index, job, result) for the same files, and for each link that is there as the plan
  // says. `result` of a file that was there already has no size.
  template <class Use>
  void for_each_file_or_link(Use use) {
    for (std::uint64_t index = 0; index < written_->size(); ++index) {
      const auto& result = written_->result(index);
      const bool link = written_->state(index) == JobState::done &&
                        result.kind() == sink::EntryResult::Kind::link;
      if ((link || is_file_as_planned(*written_, index)) && !is_left_out(index)) {
        use(index, read_job(index), result);
      }
    }
  }

  // Those of the directories that entries are in, or are, which were made by this batch.
  std::vector<std::string> made_directories();

  // Whether a plan that was not checked before should be now: it has two entries with one path, or
  // an entry that cannot be written.
  bool is_suspicious() const noexcept { return may_have_twins_ || !report_.failures.empty(); }

  // How it went so far.
  Report& report() noexcept { return report_; }

 private:
  PoolOptions pool_options() const;
  template <class Action>
  void do_entry(std::uint64_t index, Job<sink::EntryResult>& progress, Action action);
  PoolOptions options_of_writing();
  void write_entry(std::uint64_t index, Job<sink::EntryResult>& progress);
  void publish_entry(std::uint64_t index, Job<sink::EntryResult>& progress);
  Undone undo(std::uint64_t index, JobState state);
  Undone undo_publication(std::uint64_t index);

  template <class Action>
  void attempt_to_remove(Action action);

  bool appear_later() const noexcept;
  void count_complete_already();
  std::vector<std::uint64_t> done_of_kind(sink::EntryResult::Kind kind) const;
  std::vector<std::uint64_t> deepest_first(std::vector<std::uint64_t> indexes);
  std::vector<std::string> touched_directories();
  template <class Action>
  void finish(const std::vector<std::uint64_t>& indexes, Action action);
  template <class Action>
  bool finish_one(std::uint64_t index, Action action);
  bool must_stop() const;
  bool is_left_out(std::uint64_t index) const {
    return std::binary_search(left_out_.begin(), left_out_.end(), index);
  }
  FileJob read_job(std::uint64_t index) { return plan_.job(index, *scratch_); }

  const Plan& plan_;
  const Place place_;
  const WriteOptions& options_;
  const os::StopSignals& stop_;
  const FileTime began_;
  const unsigned workers_;
  FileLatencies latencies_;
  // Each process goes on with its own copy of these, as the fork left them.
  std::unique_ptr<Plan::Scratch> scratch_;
  sink::EntryWriter writer_;
  std::optional<BatchRun> written_;
  std::vector<std::uint64_t> complete_already_;  // sizes
  // What the workers left to be published or made, and what came to nothing then; ascending.
  std::vector<std::uint64_t> left_out_;
  bool may_have_twins_ = false;
  bool leaves_something_ = false;
  Report report_;
};

}  // namespace ream
