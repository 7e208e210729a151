#include "bench/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/measure.hpp"
#include "bench/scratch.hpp"
#include "bench/stopping.hpp"
#include "os/caches.hpp"
#include "os/clock.hpp"
#include "os/signals.hpp"
#include "os/space.hpp"
#include "random.hpp"

namespace ream::bench {

namespace {

// Shorter ones are at the mercy of a single interruption.
constexpr double shortest_sample = 0.05;

// Of the free space of the filesystem, for one sample.
constexpr double largest_share = 0.25;

class Experiment {
 public:
  Experiment(Comparison comparison, bool control, const ExperimentOptions& options)
      : options_(options),
        rule_(options.precision),
        stop_(os::stop_signals, os::SecondSignal::ends_the_process),
        scratch_(options.directory) {
    recording_.environment = environment_of(options.directory);
    if (options.cache == Cache::cold) warn_where_nothing_is_dropped(recording_.environment);
    recording_.works = std::move(comparison.works);
    for (auto& arm : comparison.arms) recording_.arms.push_back({std::move(arm), 0, 0, {}, {}});
    recording_.seed = options.seed;
    recording_.cache = options.cache;
    recording_.latency = options.latency;
    recording_.control = control;
    recording_.precision = options.precision;
    contents_.resize(recording_.works.size());
    scaled_.resize(recording_.works.size());
  }

  Recording run() {
    try {
      warm_up();
      measure_rounds();
    } catch (const Stopped& stopped) {
      recording_.end = End::stopped;
      recording_.stopped_by = stopped.signal;
    }
    keep_whole_rounds();
    scratch_.remove_all();
    finish_environment(recording_.environment);
    return std::move(recording_);
  }

 private:
  // The first round is dropped. Where it shows that samples are too short, the next has more files.
  void warm_up() {
    warming_up_ = true;
    for (bool again = true; again;) {
      std::vector<double> shortest(recording_.works.size(), HUGE_VAL);
      for (std::size_t arm = 0; arm < recording_.arms.size(); ++arm) {
        auto& least = shortest[recording_.arms[arm].arm.work];
        least = std::min(least, take_sample(arm).seconds);
      }
      again = options_.scale_count && scale_up(shortest);
      shortest_ = shortest;
    }
    warming_up_ = false;
  }

  bool scale_up(const std::vector<double>& shortest) {
    bool scaled = false;
    for (std::size_t number = 0; number < recording_.works.size(); ++number) {
      auto& work = recording_.works[number];
      const auto count = scaled_count(number, shortest[number]);
      if (count <= work.count) continue;
      work.count = count;
      contents_[number].reset();
      scaled = scaled_[number] = true;
    }
    return scaled;
  }

  // Another program writes more files only where its command line is told how many.
  bool may_be_scaled(std::size_t number) const {
    return recording_.works[number].manifest.empty() &&
           std::all_of(recording_.arms.begin(), recording_.arms.end(),
                       [&](const ArmRecord& record) {
                         const auto& arm = record.arm;
                         return arm.work != number || arm.command.empty() ||
                                arm.command.find("{count}") != std::string::npos;
                       });
  }

  std::uint64_t scaled_count(std::size_t number, double seconds) const {
    const auto& work = recording_.works[number];
    if (!may_be_scaled(number) || seconds >= shortest_sample) return work.count;
    const double factor = std::clamp(1.3 * shortest_sample / std::max(seconds, 1e-4), 1.5, 20.0);
    const auto wanted = std::ceil(static_cast<double>(work.count) * factor / 500) * 500;
    const auto block = static_cast<double>(std::max<std::uint64_t>(work.size.value_or(0), 4096));
    const auto space = largest_share * static_cast<double>(os::free_bytes(options_.directory));
    const auto inodes = largest_share * static_cast<double>(os::free_inodes(options_.directory));
    return static_cast<std::uint64_t>(std::min({wanted, space / block, inodes}));
  }

  void measure_rounds() {
    tell_counts();
    SplitMix64 random(options_.seed);
    std::vector<std::size_t> order(recording_.arms.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const os::Stopwatch stopwatch;
    for (std::uint64_t round = 0; !is_enough(round, stopwatch.seconds()); ++round) {
      // Each order is followed by its reverse: what drifts within two rounds meets all arms alike.
      round % 2 == 0 ? shuffle(order, random) : std::reverse(order.begin(), order.end());
      measure_round(round, order);
    }
  }

  void tell_counts() {
    for (std::size_t number = 0; number < recording_.works.size(); ++number) {
      const auto name = to_string(recording_.works[number]);
      if (scaled_[number]) {
        recording_.notes.push_back(fmt::format(
            "{}: so many, since a sample of fewer takes less than {:.0f} ms (--count N to choose)",
            name, shortest_sample * 1000));
      } else if (shortest_[number] < shortest_sample) {
        recording_.notes.push_back(fmt::format(
            "{}: a sample takes {:.1f} ms, and below {:.0f} ms an interruption is most of it", name,
            shortest_[number] * 1000, shortest_sample * 1000));
      }
    }
  }

  static void shuffle(std::vector<std::size_t>& order, SplitMix64& random) {
    for (std::size_t left = order.size(); left > 1; --left) {
      std::swap(order[left - 1], order[scale_to(0, left - 1, random.next())]);
    }
  }

  void measure_round(std::uint64_t round, const std::vector<std::size_t>& order) {
    for (std::size_t position = 0; position < order.size(); ++position) {
      auto sample = take_sample(order[position]);
      sample.round = round;
      sample.position = position;
      recording_.arms[order[position]].samples.push_back(std::move(sample));
    }
    for (auto& record : recording_.arms) take_latency(record, record.samples.back());
  }

  // Of whole rounds, as the samples are that stay.
  static void take_latency(ArmRecord& record, Sample& sample) {
    if (!sample.latency) return;
    if (!record.latency) record.latency.emplace();
    record.latency->merge(*sample.latency);
    sample.latency.reset();
  }

  // What fails after a signal fails by that signal, mostly: workers and other programs get it too.
  Sample take_sample(std::size_t number) {
    if (options_.on_progress) options_.on_progress({recording_, number, warming_up_});
    try {
      return checked_sample(number);
    } catch (const std::runtime_error&) {
      throw_if_stopped();
      throw;
    }
  }

  void throw_if_stopped() const {
    if (stop_.count() > 0) throw Stopped{stop_.last()};
  }

  Sample checked_sample(std::size_t number) {
    throw_if_stopped();  // what woke nobody: the pool that looks at a sample takes it for its own
    auto& record = recording_.arms[number];
    const auto directory = scratch_.fresh();
    scratch_.write_out();
    if (options_.cache == Cache::cold) os::drop_caches();
    auto sample =
        measure(record.arm, recording_.works[record.arm.work], directory, options_.latency, stop_);
    throw_if_stopped();
    take_apart_and_check(record, directory);
    scratch_.remove(directory);
    return sample;
  }

  void take_apart_and_check(ArmRecord& record, const boost::filesystem::path& directory) {
    const auto written = take_apart(directory);
    if (written.files == 0) throw BadSample(record.arm.name + " wrote no regular file");
    auto& expected = contents_[record.arm.work];
    if (!expected) expected = written;
    if (written != *expected) {
      throw BadSample(fmt::format("{} wrote {}, where the first wrote {}: they cannot be compared",
                                  record.arm.name, to_string(written), to_string(*expected)));
    }
    record.files = written.files;
    record.bytes = written.bytes;
  }

  bool is_enough(std::uint64_t rounds, double seconds) {
    if (!options_.runs && rule_.looks_at(rounds) && all_narrow(rounds)) {
      return ends(End::precise, true);
    }
    recording_.confidence = confidence_of_fixed(rounds);
    if (options_.runs && rounds >= *options_.runs) return ends(End::runs, true);
    // Whole pairs of an order and its reverse.
    return ends(End::time_limit, seconds >= options_.time_limit && rounds > 0 && rounds % 2 == 0);
  }

  bool ends(End how, bool enough) {
    if (enough) recording_.end = how;
    return enough;
  }

  bool all_narrow(std::size_t rounds) {
    recording_.confidence = rule_.confidence(rounds);
    for (std::size_t arm = 0; arm < recording_.arms.size(); ++arm) {
      const bool base = recording_.base_of(arm) == arm;
      if (!base && !rule_.is_narrow(speedup(recording_, arm))) return false;
    }
    return true;
  }

  void keep_whole_rounds() {
    auto rounds = recording_.rounds();
    for (const auto& record : recording_.arms) rounds = std::min(rounds, record.samples.size());
    for (auto& record : recording_.arms) record.samples.resize(rounds);
  }

  const ExperimentOptions& options_;
  StoppingRule rule_;
  os::StopSignals stop_;  // until all is removed
  Scratch scratch_;
  Recording recording_;
  std::vector<std::optional<TreeContent>> contents_;  // by work
  std::vector<double> shortest_;                      // seconds of a sample, by work
  std::vector<bool> scaled_;                          // by work
  bool warming_up_ = false;
};

}  // namespace

Recording run_experiment(Comparison comparison, bool control, const ExperimentOptions& options) {
  return Experiment(std::move(comparison), control, options).run();
}

}  // namespace ream::bench
