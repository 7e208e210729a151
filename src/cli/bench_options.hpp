// What 'ream bench' is asked for: its options, and what they come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/arm.hpp"
#include "bench/experiment.hpp"
#include "bench/gate.hpp"
#include "bench/table.hpp"
#include "cli/arguments.hpp"

namespace ream::cli {

struct BenchSettings {
  bench::Axes axes;
  bench::ExperimentOptions experiment;
  std::vector<bench::Gate> gates;
  std::optional<std::string> json, csv, plot;
  bool suggest = false;
  bool show_progress = false;
  bench::Color color = bench::Color::no;
};

CommandLine bench_command_line();

// Of a benchmark that measures. Throws UsageError and InputError, and Error for an output that
// cannot be written.
BenchSettings bench_settings(const Arguments& arguments);

// Those of --fail-if. Throws InputError.
std::vector<bench::Gate> gates_of(const Arguments& arguments);

}  // namespace ream::cli
