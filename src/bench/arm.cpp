#include "bench/arm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "bench/cell.hpp"
#include "bench/spread_plan.hpp"
#include "ream/generator.hpp"
#include "ream/manifest.hpp"

namespace ream::bench {

namespace {

template <class Value>
void fill(std::vector<Value>& values, std::initializer_list<Value> defaults) {
  if (values.empty()) values = defaults;
}

std::string shown_size(std::uint64_t size) {
  if (size == 0 || size % 1024 != 0) return fmt::format("{} B", size);
  if (size % (1024 * 1024) != 0) return fmt::format("{} KiB", size / 1024);
  return fmt::format("{} MiB", size / (1024 * 1024));
}

// By the options that ask for it, where there are several.
std::string how(const Arm& arm, const Axes& axes) {
  const auto jobs = axes.jobs.size() > 1 ? fmt::format("-j{}", arm.workers) : std::string();
  switch (arm.placement) {
    case Placement::in_process:
      return "serial";
    case Placement::pooled:
      return jobs.empty() ? "parallel" : jobs;
    case Placement::process_per_job:
      return jobs.empty() ? "process-per-file" : "process-per-file " + jobs;
  }
  return "";
}

bool has_several(std::size_t values) {
  return values > 1;
}

// Only what varies tells one arm from another.
std::string full_name(const Arm& arm, const Work& work, const Axes& axes) {
  auto name = arm.command.empty() ? how(arm, axes) : on_one_line(arm.command);
  if (arm.command.empty()) {
    if (has_several(axes.layouts.size())) name += ", " + to_string(arm.layout);
    if (has_several(axes.atomics.size())) name += fmt::format(", atomic {}", name_of(arm.atomic));
    if (has_several(axes.syncs.size())) name += fmt::format(", sync {}", name_of(arm.sync));
  }
  if (has_several(axes.sizes.size()) && work.size) name += ", " + shown_size(*work.size);
  if (has_several(axes.counts.size())) name += fmt::format(", {} files", work.count);
  return name;
}

std::vector<Work> works_of(const Axes& axes) {
  if (!axes.manifest.empty()) return {{0, std::nullopt, axes.manifest}};
  std::vector<Work> works;
  for (const auto size : axes.sizes) {
    for (const auto count : axes.counts) works.push_back({count, size, {}});
  }
  return works;
}

class ArmsOfWork {
 public:
  ArmsOfWork(const Axes& axes, const Work& work, std::size_t number, std::vector<Arm>& arms)
      : axes_(axes), work_(work), number_(number), arms_(arms), first_(arms.size()) {}

  void add_all() {
    for (const auto placement : axes_.placements) {
      if (placement == Placement::in_process) {
        add_guarantees({"", number_, placement, 1});
      } else {
        for (const auto jobs : axes_.jobs) add_guarantees({"", number_, placement, jobs});
      }
    }
    for (const auto& command : axes_.commands) {
      Arm arm{"", number_, Placement::pooled, 1};
      arm.command = command;
      add(arm);
    }
  }

 private:
  void add_guarantees(Arm arm) {
    for (const auto& layout : axes_.layouts) {
      for (const auto atomic : axes_.atomics) {
        for (const auto sync : axes_.syncs) {
          arm.layout = layout;
          arm.atomic = atomic;
          arm.sync = sync;
          add(arm);
        }
      }
    }
  }

  void add(Arm arm) {
    arm.name = full_name(arm, work_, axes_);
    const bool known = std::any_of(
        arms_.begin() + static_cast<std::ptrdiff_t>(first_), arms_.end(),
        [&](const Arm& other) { return other.name == arm.name && other.command == arm.command; });
    if (!known) arms_.push_back(std::move(arm));
  }

  const Axes& axes_;
  const Work& work_;
  std::size_t number_;
  std::vector<Arm>& arms_;
  std::size_t first_;
};

}  // namespace

std::string_view name_of(Atomic atomic) {
  switch (atomic) {
    case Atomic::automatic:
      return "auto";
    case Atomic::none:
      return "none";
    case Atomic::file:
      return "file";
    case Atomic::batch:
      return "batch";
  }
  return "";
}

std::string_view name_of(Sync sync) {
  switch (sync) {
    case Sync::none:
      return "none";
    case Sync::file:
      return "file";
    case Sync::batch:
      return "batch";
  }
  return "";
}

std::string to_string(const Layout& layout) {
  switch (layout.kind) {
    case Layout::Kind::shared:
      return "shared";
    case Layout::Kind::per_worker:
      return "per-worker";
    case Layout::Kind::directories:
      return std::to_string(layout.directories);
  }
  return "";
}

std::string to_string(const Work& work) {
  if (!work.manifest.empty()) return work.manifest.native();
  return fmt::format("{} files of {}", work.count, shown_size(work.size.value_or(0)));
}

std::string name_without_workers(const Arm& arm) {
  const auto workers = fmt::format("-j{}", arm.workers);
  if (!arm.is_reams_own()) return arm.name;
  if (arm.name.starts_with(workers)) return "parallel" + arm.name.substr(workers.size());
  return boost::replace_first_copy(arm.name, "process-per-file " + workers, "process-per-file");
}

unsigned directories_of(const Arm& arm) {
  switch (arm.layout.kind) {
    case Layout::Kind::shared:
      return 1;
    case Layout::Kind::per_worker:
      return arm.workers;
    case Layout::Kind::directories:
      return arm.layout.directories;
  }
  return 1;
}

Axes Axes::with_defaults(unsigned usable_processors) const {
  auto axes = *this;
  fill(axes.jobs, {usable_processors});
  if (!only_commands) fill(axes.placements, {Placement::in_process, Placement::pooled});
  fill<std::uint64_t>(axes.sizes, {4096});
  fill<std::uint64_t>(axes.counts, {500});
  fill(axes.layouts, {Layout{}});
  fill(axes.atomics, {Atomic::automatic});
  fill(axes.syncs, {Sync::none});
  return axes;
}

std::size_t Comparison::base_of(std::size_t arm) const {
  std::size_t base = 0;
  while (arms[base].work != arms[arm].work) ++base;
  return base;
}

Comparison compare_along(const Axes& axes) {
  Comparison comparison{works_of(axes), {}};
  for (std::size_t number = 0; number < comparison.works.size(); ++number) {
    ArmsOfWork(axes, comparison.works[number], number, comparison.arms).add_all();
  }
  if (axes.control) {
    auto again = comparison.arms.front();
    again.name += " again";
    comparison.arms = {comparison.arms.front(), again};
    comparison.works.resize(1);
  }
  return comparison;
}

std::unique_ptr<Plan> make_plan(const Work& work, const Arm& arm) {
  if (!work.manifest.empty()) return open_manifest(work.manifest);
  GeneratorOptions options;
  options.count = work.count;
  options.size = work.size;
  options.name = "file{}";
  auto generator = make_generator(options);
  if (arm.layout.kind == Layout::Kind::shared) return generator;
  return spread_over_directories(std::move(generator), directories_of(arm));
}

}  // namespace ream::bench
