// Subject: an index turned into a job, which every worker does for itself before each file.
//
// Data: the generator's names, plain and by directories; and lines of manifests, with 4 KiB of text
// that has a quote or a newline every 40 bytes or so, as JSON of real text has (to undo those is
// most of the work), and with 32 bytes, where the line itself is the work. 1,000 lines of each:
// that fits into a second-level cache as what a worker has just mapped does, or nearly.
#include <benchmark/benchmark.h>

#include <boost/filesystem/fstream.hpp>
#include <memory>
#include <string>

#include "ream/generator.hpp"
#include "ream/manifest.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr std::uint64_t lines = 1000;

void make_each_job(benchmark::State& state, const ream::Plan& plan) {
  const auto scratch = plan.make_scratch();
  std::uint64_t index = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(plan.job(index, *scratch));
    index = (index + 1) % plan.size();
  }
  state.SetItemsProcessed(state.iterations());
}

void job_of_the_generator(benchmark::State& state) {
  make_each_job(state, *ream::make_generator({.size = 4096, .count = lines}));
}
BENCHMARK(job_of_the_generator);

void job_of_the_generator_in_directories(benchmark::State& state) {
  make_each_job(
      state,
      *ream::make_generator(
          {.size = 4096, .count = lines, .name = "page-{:05}.html", .files_per_directory = 100}));
}
BENCHMARK(job_of_the_generator_in_directories);

// As it stands in JSON, for `size` bytes of it when read.
std::string escaped_text(std::size_t size) {
  const std::string words = "He said that the \\\"quick\\\" brown fox was here\\n";
  constexpr std::size_t escapes_in_words = 3;
  std::string text;
  for (std::size_t read = 0; read < size; read += words.size() - escapes_in_words) text += words;
  return text;
}

std::unique_ptr<ream::Plan> manifest_of_texts(const ScratchDirectory& place, std::size_t size) {
  const auto path = place.path() / "texts.jsonl";
  boost::filesystem::ofstream out(path);
  const std::string text = escaped_text(size);
  for (std::uint64_t number = 0; number < lines; ++number) {
    out << R"({"path": "page)" << number << R"(", "content": ")" << text << "\"}\n";
  }
  out.close();
  return ream::open_manifest(path);
}

void job_of_a_manifest(benchmark::State& state) {
  const ScratchDirectory place;
  const auto size = static_cast<std::size_t>(state.range(0));
  make_each_job(state, *manifest_of_texts(place, size));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(job_of_a_manifest)->ArgName("bytes")->Arg(32)->Arg(4096);

}  // namespace
