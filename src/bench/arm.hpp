// What is compared: the axes of a benchmark, and the arms that they span.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ream/guarantees.hpp"
#include "ream/plan.hpp"
#include "ream/pool.hpp"

namespace ream::bench {

// How the files lie in the directory: all in one, in as many directories as there are workers, or
// in `directories` of them. A worker has no directory of its own: workers claim files in turn.
struct Layout {
  enum class Kind { shared, per_worker, directories };
  Kind kind = Kind::shared;
  unsigned directories = 1;
  friend bool operator==(const Layout&, const Layout&) = default;
};
std::string to_string(const Layout& layout);

// As the options have them: "auto", "batch".
std::string_view name_of(Atomic atomic);
std::string_view name_of(Sync sync);

// The same files and bytes for each arm that has it.
struct Work {
  std::uint64_t count = 500;
  std::optional<std::uint64_t> size = 4096;  // bytes of each file; empty: those of the manifest
  boost::filesystem::path manifest = {};     // empty: generated files
};
std::string to_string(const Work& work);

struct Arm {
  std::string name;      // what tells it from the others: "serial", "-j4, sync batch"
  std::size_t work = 0;  // its number among the works
  Placement placement = Placement::pooled;
  unsigned workers = 1;
  Layout layout = {};
  Atomic atomic = Atomic::automatic;
  Sync sync = Sync::none;
  std::string command = {};  // of another program, for the shell; empty: ream itself

  bool is_reams_own() const { return command.empty(); }
  bool is_serial() const { return is_reams_own() && placement == Placement::in_process; }
};

// What arms that differ in their number of workers alone are called together: as an arm is that has
// no number of workers in its name. A command is never looked into.
std::string name_without_workers(const Arm& arm);

// That its files lie in.
unsigned directories_of(const Arm& arm);

// Each list gives one axis. Empty lists stand for the defaults, which Axes::with_defaults() fills.
struct Axes {
  std::vector<unsigned> jobs;
  std::vector<Placement> placements;
  std::vector<std::uint64_t> sizes;
  std::vector<std::uint64_t> counts;
  std::vector<Layout> layouts;
  std::vector<Atomic> atomics;
  std::vector<Sync> syncs;
  std::vector<std::string> commands;
  boost::filesystem::path manifest = {};
  bool only_commands = false;  // no arm of ream's own
  bool control = false;        // the first arm twice, and no other

  Axes with_defaults(unsigned usable_processors) const;
};

struct Comparison {
  std::vector<Work> works;
  std::vector<Arm> arms;  // the first of each work is what its others are compared with

  std::size_t base_of(std::size_t arm) const;  // the first arm of the same work
  bool is_base(std::size_t arm) const { return base_of(arm) == arm; }
};

// The product of the axes, without arms that would be the same (a serial arm has no workers).
Comparison compare_along(const Axes& axes);

// The plan of one arm. Throws what make_generator() and open_manifest() throw.
std::unique_ptr<Plan> make_plan(const Work& work, const Arm& arm);

}  // namespace ream::bench
