#include "bench/spread_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ream::bench {

namespace {

struct SpreadScratch final : Plan::Scratch {
  std::unique_ptr<Plan::Scratch> inner;
  std::string path;
};

class SpreadPlan final : public Plan {
 public:
  SpreadPlan(std::unique_ptr<Plan> plan, unsigned directories)
      : plan_(std::move(plan)),
        directories_(std::min<std::uint64_t>(directories, plan_->size())),
        digits_(fmt::formatted_size("{}", directories_)) {}

  std::uint64_t size() const override { return plan_->size(); }

  std::unique_ptr<Scratch> make_scratch() const override {
    auto scratch = std::make_unique<SpreadScratch>();
    scratch->inner = plan_->make_scratch();
    return scratch;
  }

  FileJob job(std::uint64_t index, Scratch& scratch) const override {
    auto& own = static_cast<SpreadScratch&>(scratch);
    auto job = plan_->job(index, *own.inner);
    own.path.clear();
    fmt::format_to(std::back_inserter(own.path), "d{:0{}}/", directory_of(index) + 1, digits_);
    own.path += job.path;
    job.path = own.path;
    return job;
  }

  std::string place(std::uint64_t index) const override { return plan_->place(index); }
  bool is_known_good() const override { return plan_->is_known_good(); }
  void check_source() const override { plan_->check_source(); }

 private:
  // The first `larger` directories have one file more than the others.
  std::uint64_t directory_of(std::uint64_t index) const {
    const auto each = size() / directories_;
    const auto larger = size() % directories_;
    const auto in_larger = larger * (each + 1);
    return index < in_larger ? index / (each + 1) : larger + (index - in_larger) / each;
  }

  std::unique_ptr<Plan> plan_;
  std::uint64_t directories_;
  std::size_t digits_;
};

}  // namespace

std::unique_ptr<Plan> spread_over_directories(std::unique_ptr<Plan> plan, unsigned directories) {
  return std::make_unique<SpreadPlan>(std::move(plan), directories);
}

}  // namespace ream::bench
