// Subject: Tree::place, which finds a file's directory beneath the root, component by component,
// and is asked before each file.
//
// Data: paths "d/e/<n>/file" that change their directory at each call. One directory: the common
// case, a batch that is sorted. 100: fewer than are kept open (128). 1,000: more, so that each call
// descends anew; its price is what a batch in random order pays.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "os/beneath.hpp"
#include "scratch_directory.hpp"
#include "sink/tree.hpp"

namespace {

std::vector<std::string> paths_in(std::int64_t directories) {
  std::vector<std::string> paths;
  for (std::int64_t number = 0; number < directories; ++number) {
    paths.push_back("d/e/" + std::to_string(number) + "/file");
  }
  return paths;
}

void place_in_turns(benchmark::State& state) {
  const ScratchDirectory place;
  const auto root = ream::os::open_root(place.path().c_str());
  const auto paths = paths_in(state.range(0));
  ream::sink::Tree tree(root.get());
  for (const auto& path : paths) tree.place(path);  // made, so that finding is all that is timed

  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(tree.place(paths[next]));
    next = (next + 1) % paths.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(place_in_turns)->ArgName("directories")->Arg(1)->Arg(100)->Arg(1000);

}  // namespace
