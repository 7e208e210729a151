// A plan into which something comes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ream/plan.hpp"

namespace ream::test {

// Calls `meddle` in whichever process asks for a certain job, just before that gets it; the check
// of the plan too, where it is not `known_good`.
class MeddlingPlan final : public Plan {
 public:
  MeddlingPlan(const Plan& whole, std::uint64_t index, std::function<void()> meddle,
               bool known_good = true)
      : whole_(whole), index_(index), meddle_(std::move(meddle)), known_good_(known_good) {}
  std::uint64_t size() const override { return whole_.size(); }
  std::unique_ptr<Scratch> make_scratch() const override { return whole_.make_scratch(); }
  FileJob job(std::uint64_t index, Scratch& scratch) const override {
    if (index == index_) meddle_();
    return whole_.job(index, scratch);
  }
  std::string place(std::uint64_t index) const override { return whole_.place(index); }
  void check_source() const override { whole_.check_source(); }
  bool is_known_good() const override { return known_good_; }

 private:
  const Plan& whole_;
  std::uint64_t index_;
  std::function<void()> meddle_;
  bool known_good_;
};

}  // namespace ream::test
