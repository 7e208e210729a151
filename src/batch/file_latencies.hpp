// How long files take: what workers leave of it in memory that they share with the driver, a
// LatencyReport for each lane of the pool.
#pragma once

#include <cstdint>
#include <optional>

#include "os/shared_memory.hpp"
#include "ream/latency.hpp"

namespace ream {

class FileLatencies {
 public:
  // Throws Error where there is no memory for so many lanes; with Latency::none none is needed.
  FileLatencies(Latency wanted, unsigned lanes);

  bool are_wanted() const noexcept { return wanted_ != Latency::none; }

  // One file, in the process that writes it: its time ends with this object. It began when the one
  // before in this process ended, or where claim() said so; without any of that it begins here.
  class File {
   public:
    File(FileLatencies& all, unsigned lane) noexcept;
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void is_written() noexcept { written_ = true; }  // else it is not recorded

   private:
    FileLatencies& all_;
    unsigned lane_;
    bool written_ = false;
  };

  // The time of the next file begins now: in this process, or in one that is forked for it.
  void claim() noexcept;

  // What this process does now belongs to no file.
  void pause() noexcept { begin_ = 0; }

  // Where the steps of files are recorded; null unless they are wanted.
  LatencyReport* steps_of(unsigned lane) const noexcept;

  // Of all lanes, when no worker runs any more. Empty unless they are wanted.
  std::optional<LatencyReport> merged() const;

 private:
  LatencyReport& of(unsigned lane) const noexcept;

  Latency wanted_;
  unsigned lanes_;
  os::SharedMemory memory_;  // zeroed: empty histograms
  std::uint64_t begin_ = 0;  // of this process's file; 0: not yet
};

}  // namespace ream
