// Subject: a listing, from the first directory that is read to the last line that is formatted;
// what becomes of the lines is left out.
//
// Data: 10,000 empty files, which a listing never opens, in one directory and in 100 of 100: the
// first is mostly sorting, the second mostly opening and reading directories. On tmpfs, which hands
// names out newest first: an order that some sorts take badly.
#include <benchmark/benchmark.h>

#include "ream/batch.hpp"
#include "ream/generator.hpp"
#include "ream/listing.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr std::uint64_t files = 10'000;

boost::filesystem::path make_tree(const ScratchDirectory& place, benchmark::State& state) {
  const auto per_directory = static_cast<std::uint64_t>(state.range(0));
  const auto plan =
      ream::make_generator({.size = 0, .count = files, .files_per_directory = per_directory});
  const auto tree = place.path() / "tree";
  if (!ream::write_batch(*plan, tree, {}).complete()) state.SkipWithError("cannot make the files");
  return tree;
}

void count_files(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(files));
}

void listing_collected(benchmark::State& state) {
  const ScratchDirectory place;
  const auto tree = make_tree(place, state);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(ream::list_directory(tree));
  count_files(state);
}

void listing_written(benchmark::State& state, ream::ListFormat format) {
  const ScratchDirectory place;
  const auto tree = make_tree(place, state);
  for ([[maybe_unused]] auto _ : state) {
    ream::write_listing(tree, {.format = format},
                        [](std::string_view piece) { benchmark::DoNotOptimize(piece.data()); });
  }
  count_files(state);
}

void each_shape(benchmark::internal::Benchmark* subject) {
  subject->ArgName("in_a_directory")->Arg(files)->Arg(100)->Unit(benchmark::kMillisecond);
}

BENCHMARK(listing_collected)->Apply(each_shape);
BENCHMARK_CAPTURE(listing_written, names, ream::ListFormat::names)->Apply(each_shape);
BENCHMARK_CAPTURE(listing_written, tree, ream::ListFormat::tree)->Apply(each_shape);
BENCHMARK_CAPTURE(listing_written, long_, ream::ListFormat::long_)->Apply(each_shape);
BENCHMARK_CAPTURE(listing_written, json, ream::ListFormat::json)->Apply(each_shape);

}  // namespace
