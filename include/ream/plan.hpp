// What a batch consists of, with random access.
//
// A plan is built before the workers are forked, so each of them inherits it; a worker turns an
// index into a job by itself. Every member is const and safe to call in every process that holds a
// copy of the plan.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ream/file_job.hpp"
#include "ream/worker_slots.hpp"

namespace ream {

class PlanSlice;

class Plan {
 public:
  // The memory that a job's views point into: one for each process, used again for each job.
  class Scratch {
   public:
    virtual ~Scratch() = default;
  };

  virtual ~Plan() = default;

  virtual std::uint64_t size() const = 0;

  virtual std::unique_ptr<Scratch> make_scratch() const = 0;

  // Job number `index` (from 0). Its views are valid until `scratch` is used again. `scratch` must
  // come from this plan's make_scratch(). Throws InputError where the input for it is bad.
  virtual FileJob job(std::uint64_t index, Scratch& scratch) const = 0;

  // Where job `index` comes from, for messages: "list.jsonl:3".
  virtual std::string place(std::uint64_t index) const = 0;

  // True where the plan cannot, by its construction, have a bad job or two jobs with one path.
  // Other plans are checked as a whole before the first file is made (see check_plan).
  virtual bool is_known_good() const { return false; }

  // Throws where the source of the plan was harmed behind its back: a manifest that was truncated
  // while it was read. Called after the check.
  virtual void check_source() const {}

  // The jobs `first` up to, not including, `last`: a shard of this plan, which must outlive it.
  // Throws std::out_of_range unless first <= last <= size().
  PlanSlice slice(std::uint64_t first, std::uint64_t last) const;
};

class PlanSlice final : public Plan {
 public:
  PlanSlice(const Plan& whole, std::uint64_t first, std::uint64_t last);

  std::uint64_t size() const override { return last_ - first_; }
  std::unique_ptr<Scratch> make_scratch() const override { return whole_->make_scratch(); }
  FileJob job(std::uint64_t index, Scratch& scratch) const override {
    return whole_->job(first_ + index, scratch);
  }
  std::string place(std::uint64_t index) const override { return whole_->place(first_ + index); }
  bool is_known_good() const override { return whole_->is_known_good(); }
  void check_source() const override { whole_->check_source(); }

 private:
  const Plan* whole_;
  std::uint64_t first_;
  std::uint64_t last_;
};

struct PlanCheckOptions {
  unsigned workers = 0;          // processes; 0: the processors that may be used; 1: no fork
  WorkerSlots* slots = nullptr;  // leave for each beyond the first (see PoolOptions::slots)

  // These signals end a check that forks in order (see PoolOptions::stop_signals).
  std::vector<int> stop_signals = {};
};

// Makes every job of `plan` once and looks for two jobs with one path and for a path that is needed
// both as a file and as a directory. Throws InputError that names the first place and how many more
// are bad. Returns the signal that ended it before it knew. Memory: 8 bytes a job and a few MiB.
std::optional<int> check_plan(const Plan& plan, const PlanCheckOptions& options = {});

}  // namespace ream
