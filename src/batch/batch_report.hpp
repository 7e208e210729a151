// The report of a batch, from what the ledger says.
#pragma once

#include <string_view>

#include "ream/plan.hpp"
#include "ream/pool.hpp"
#include "ream/report.hpp"
#include "sink/entry_result.hpp"

namespace ream {

using BatchRun = PoolRun<sink::EntryResult>;

void add_failure(Report& report, std::uint64_t index, const FileJob& job, const Error& error);

// A failure of which nothing is known but a text: the job cannot be read any more, for instance.
void add_failure(Report& report, std::uint64_t index, std::string_view path, std::string_view text);

void add_not_attempted(Report& report, std::uint64_t index);

// Failures and ranges by index, as they were added in the order of their kinds.
void put_in_order(Report& report);

// One entry that has come to its end well.
void count(Report& report, const sink::EntryResult& result);

// Files written, failures, entries that were never begun, workers. Links and directories are
// counted by the one who finishes them; files too where they are not complete when they are
// written.
enum class CountFiles { when_written, when_published };
void report_run(Report& report, const Plan& plan, const BatchRun& run,
                CountFiles files = CountFiles::when_written);

// When its workers were done, and what it took to wait for them.
void report_times(Report& report, const BatchRun& run);

// Whether the job left a file that a worker has written.
bool is_written_file(const BatchRun& run, std::uint64_t index) noexcept;

// The same, or one that was there as it should be.
bool is_file_as_planned(const BatchRun& run, std::uint64_t index) noexcept;

// What became of the files that `written` left to be published.
void report_publication(Report& report, const Plan& plan, const BatchRun& written,
                        const BatchRun& published);

}  // namespace ream
