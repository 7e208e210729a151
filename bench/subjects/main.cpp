// The main() of all subjects. Google Benchmark warns where itself has assertions, which Debian's
// package has, optimised though it is; this warns where the project was built without optimisation.
#include <benchmark/benchmark.h>

#include <cstdio>

int main(int argc, char** argv) {
#if !defined(NDEBUG) || !defined(__OPTIMIZE__)
  std::fputs("warning: this was built without optimisation; its figures say nothing\n", stderr);
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
