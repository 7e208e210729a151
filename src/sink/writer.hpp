// One file, one protocol: made anew with O_EXCL, written, closed; removed where any of it fails.
#pragma once

#include <cstdint>
#include <functional>

#include "os/file.hpp"
#include "ream/file_job.hpp"
#include "sink/content.hpp"

namespace ream::sink {

// Sets the mode and the mtime that the job names. Throws Error.
void set_attributes(int fd, const FileJob& job);

class Writer {
 public:
  // Writes the file `job` as `name`. `created` is called once the file is surely this writer's own.
  // Returns its size. Throws Error that names job.path, or the source of a copy.
  std::uint64_t write(os::Name name, const FileJob& job, const std::function<void()>& created);

  // True where `name` is a regular file with exactly the job's content, mode and mtime. False as
  // well where that cannot be told.
  bool is_complete(os::Name name, const FileJob& job);

 private:
  std::uint64_t write_content(int fd, const FileJob& job);
  std::uint64_t stream_content(int fd, const FileJob& job);
  bool has_content(int fd, std::uint64_t size, const Content& content);

  ContentStream stream_;
};

}  // namespace ream::sink
