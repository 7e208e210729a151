// One file: made anew, written, closed; gone where any of it fails.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "os/file.hpp"
#include "ream/file_job.hpp"
#include "sink/content.hpp"
#include "sink/new_file.hpp"

namespace ream::sink {

// Sets the mode and the mtime that the job names. Throws Error.
void set_attributes(int fd, const FileJob& job);

class Writer {
 public:
  explicit Writer(Appearance appearance) : appearance_(appearance) {}

  // Writes the file `job` as `name`. `temporary_name` is for Appearance::temporary. `created` is
  // called once that is a name of a file that is surely this writer's own, though not complete.
  // Returns its size. Throws Error that names job.path, or the source of a copy.
  std::uint64_t write(os::Name name, const std::string& temporary_name, const FileJob& job,
                      const std::function<void()>& created);

  // True where `name` is a regular file with exactly the job's content, mode and mtime. False as
  // well where that cannot be told.
  bool is_complete(os::Name name, const FileJob& job);

 private:
  std::uint64_t write_content(int fd, const FileJob& job);
  std::uint64_t stream_content(int fd, const FileJob& job);
  bool has_content(int fd, std::uint64_t size, const Content& content);

  Appearance appearance_;
  ContentStream stream_;
};

}  // namespace ream::sink
