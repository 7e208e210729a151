// Subject: one small file by EntryWriter, under each way in which it can come to its name
// (sink::Appearance), beside the three system calls that no way can do without.
//
// Data: files of 4 KiB, the size of a page and of most files in a source tree, into one directory
// on tmpfs, where a call costs least and so the project's own part shows most. The directory is
// emptied after every 1,000 files, untimed: a directory that grows would make later ways look slow.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "os/beneath.hpp"
#include "scratch_directory.hpp"
#include "sink/entry_writer.hpp"

namespace {

using ream::FileJob;
using ream::IfExists;
using ream::sink::Appearance;
using ream::sink::EntryWriter;

constexpr std::uint64_t files_at_most = 1000;
const std::string content(4096, '=');

struct Place {
  ScratchDirectory directory;
  ream::os::Fd root = ream::os::open_root(directory.path().c_str());
};

// Each iteration makes the file `name`, which is not there.
template <class MakeFile>
void make_files(benchmark::State& state, const Place& place, MakeFile make_file) {
  std::uint64_t number = 0;
  std::string name;
  for ([[maybe_unused]] auto _ : state) {
    if (number == files_at_most) {
      state.PauseTiming();
      place.directory.empty();
      number = 0;
      state.ResumeTiming();
    }
    name = "info" + std::to_string(++number);
    make_file(number, name);
  }
  state.SetItemsProcessed(state.iterations());
}

FileJob job_of(std::string_view path) {
  return {.path = path, .content = ream::Bytes{content}, .mode = {}, .mtime = {}, .sha256 = {}};
}

void bare_open_write_close(benchmark::State& state) {
  const Place place;
  make_files(state, place, [&](std::uint64_t, const std::string& name) {
    const int file = openat(place.root.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
      state.SkipWithError("cannot write");
    close(file);
  });
}
BENCHMARK(bare_open_write_close);

void entry_writer(benchmark::State& state, Appearance appearance) {
  const Place place;
  EntryWriter writer(place.root.get(), {.appearance = appearance, .temporary_prefix = ".part."},
                     IfExists::fail);
  make_files(state, place, [&](std::uint64_t number, const std::string& name) {
    const auto job = job_of(name);
    const auto result = writer.write(number, job, {[] {}, [] {}});
    if (appearance == Appearance::later) writer.publish_file(number, job, result);
  });
}
BENCHMARK_CAPTURE(entry_writer, in_place, Appearance::in_place);
BENCHMARK_CAPTURE(entry_writer, unnamed_then_linked, Appearance::unnamed);
BENCHMARK_CAPTURE(entry_writer, temporary_then_renamed, Appearance::temporary);
BENCHMARK_CAPTURE(entry_writer, later_with_its_publication, Appearance::later);

// What `--if-exists update` does to a file that is as it should be: it is read and compared.
void entry_writer_finds_it_unchanged(benchmark::State& state) {
  const Place place;
  EntryWriter writer(place.root.get(),
                     {.appearance = Appearance::temporary, .temporary_prefix = ".part."},
                     IfExists::update);
  const auto job = job_of("info1");
  writer.write(1, job, {[] {}, [] {}});
  for ([[maybe_unused]] auto _ : state) writer.write(1, job, {[] {}, [] {}});
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(entry_writer_finds_it_unchanged);

}  // namespace
