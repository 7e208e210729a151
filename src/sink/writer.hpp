// One file: made anew, written, closed; gone where any of it fails.
#pragma once

#include <cstdint>
#include <functional>

#include "os/file.hpp"
#include "ream/file_job.hpp"
#include "sink/content.hpp"
#include "sink/new_file.hpp"

namespace ream::sink {

// Sets the mode and the mtime that the job names. Throws Error.
void set_attributes(int fd, const FileJob& job);

class Writer {
 public:
  // Where the steps of the files that follow are recorded; null, and at first: nowhere.
  void record_steps_in(LatencyReport* steps) noexcept { steps_ = steps; }

  // Writes the file `job`. `created` is called once its name is that of a file that is surely this
  // writer's own, though not complete. Returns its size, and leaves its digest in `digest` where
  // that is not null. Throws Error that names job.path, or the source of a copy.
  std::uint64_t write(const Naming& naming, const FileJob& job,
                      const std::function<void()>& created, Sha256* digest = nullptr);

  // Whether `name`, which was just `found`, is a regular file with exactly the job's content, and
  // its mode if it names one; its digest is left as above then. False as well where that cannot be
  // told.
  bool is_same(os::Name name, const os::Status& found, const FileJob& job,
               Sha256* digest = nullptr);

 private:
  std::uint64_t write_content(int fd, const FileJob& job, Sha256* digest);
  std::uint64_t stream_content(int fd, const FileJob& job, Sha256* digest);
  bool has_content(int fd, std::uint64_t size, const FileJob& job, Sha256* digest);

  ContentStream stream_;
  LatencyReport* steps_ = nullptr;
};

}  // namespace ream::sink
