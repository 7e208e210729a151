// What does it cost to time files, or each step of them?
//
// Usage: latency_overhead DIR [ROUNDS [FILES [SIZE [WORKERS]]]]
//
// Each round writes the same batch once without figures, once with Latency::files and once with
// Latency::calls, into DIR/latency_overhead, which must not exist and is removed each time; the
// order moves on from round to round. Default: 31 rounds of 20,000 files of 16 bytes, by as many
// workers as there are processors. Prints, separated by tabs, for each of the three: its name, the
// median of the seconds from the first fork to the barrier, and the median of its ratio to the
// batch without figures in the same round.
#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <boost/lexical_cast.hpp>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include "ream/batch.hpp"
#include "ream/generator.hpp"

namespace {

namespace fs = boost::filesystem;

struct Subject {
  const char* name;
  ream::Latency latency;
};

constexpr std::array subjects = {Subject{"none", ream::Latency::none},
                                 Subject{"files", ream::Latency::files},
                                 Subject{"calls", ream::Latency::calls}};

using Round = std::array<double, subjects.size()>;  // seconds

double write_once(const ream::Plan& plan, const fs::path& directory, ream::WriteOptions options,
                  ream::Latency latency) {
  options.latency = latency;
  const auto report = ream::write_batch(plan, directory, options);
  fs::remove_all(directory);
  if (!report.complete()) throw std::runtime_error("a batch is not complete: " + report.trouble);
  return report.seconds.write;
}

Round one_round(const ream::Plan& plan, const fs::path& directory,
                const ream::WriteOptions& options, std::size_t number) {
  Round seconds{};
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const std::size_t subject = (number + i) % subjects.size();
    seconds[subject] = write_once(plan, directory, options, subjects[subject].latency);
  }
  return seconds;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void print(const std::vector<Round>& rounds) {
  for (std::size_t subject = 0; subject < subjects.size(); ++subject) {
    std::vector<double> seconds;
    std::vector<double> ratios;
    for (const auto& round : rounds) {
      seconds.push_back(round[subject]);
      ratios.push_back(round[subject] / round[0]);
    }
    std::printf("%s\t%.6f\t%.4f\n", subjects[subject].name, median(seconds), median(ratios));
  }
}

fs::path place_in(const fs::path& given) {
  if (!fs::is_directory(given)) {
    throw std::runtime_error("'" + given.string() + "' is not a directory");
  }
  auto place = given / "latency_overhead";
  if (!fs::exists(fs::symlink_status(place))) return place;
  throw std::runtime_error("'" + place.string() + "' exists: remove it first");
}

std::uint64_t argument(int argc, char** argv, int index, std::uint64_t otherwise) {
  if (argc <= index) return otherwise;
  const auto value = boost::lexical_cast<std::uint64_t>(argv[index]);
  if (value == 0) throw std::invalid_argument("a count of 0");
  return value;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2 || argc > 6) {
    std::fputs("usage: latency_overhead DIR [ROUNDS [FILES [SIZE [WORKERS]]]]\n", stderr);
    return 2;
  }
  const auto directory = place_in(argv[1]);
  std::vector<Round> rounds(argument(argc, argv, 2, 31));
  ream::GeneratorOptions generator;
  generator.count = argument(argc, argv, 3, 20'000);
  generator.size = argument(argc, argv, 4, 16);
  ream::WriteOptions options;
  if (argc > 5) options.workers = static_cast<unsigned>(argument(argc, argv, 5, 1));
  const auto plan = ream::make_generator(generator);
  write_once(*plan, directory, options, ream::Latency::none);  // the first is slower
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    rounds[i] = one_round(*plan, directory, options, i);
  }
  print(rounds);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "latency_overhead: %s\n", error.what());
  return 1;
}
