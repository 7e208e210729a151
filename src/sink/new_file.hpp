// A file on its way to its name. Gone, unless it was published.
#pragma once

#include <cstdint>
#include <string_view>

#include "os/fd.hpp"
#include "os/file.hpp"
#include "sink/step_timer.hpp"

namespace ream::sink {

// How a file comes to its name.
enum class Appearance {
  in_place,   // it is made under it, and grows there
  unnamed,    // made without one, and linked when it is complete
  temporary,  // made under another, and renamed when it is complete
  later,      // the same, but when all of the batch is complete: not by publish()
};

// How a file's content comes to the disk, before the file comes to its name. Of small files nothing
// is begun early: that costs more than it saves.
enum class WriteBack { left_to_the_system, begun, awaited };

// Whether it may take the place of what has the name already.
enum class Existing { stays, is_replaced };

// What a file will be called, and how it comes to that.
struct Naming {
  Appearance appearance;
  Existing existing;
  os::Name name;
  const char* temporary_name;  // beside `name`, for Appearance::temporary and later
  WriteBack write_back = WriteBack::left_to_the_system;
};

class NewFile {
 public:
  // Names must stay as they are until the file is published. Its steps are recorded in `steps`,
  // where that is not null. Throws Error that names `path`.
  NewFile(const Naming& naming, mode_t mode, std::string_view path, LatencyReport* steps = nullptr);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  int fd() const noexcept { return fd_.get(); }

  // Closes it with its `size`, under its name, or under the temporary one that it keeps until
  // later. Throws Error: EEXIST where something else has that and stays, EISDIR where a directory
  // has it.
  void publish(std::uint64_t size);

 private:
  os::Name made_as() const noexcept;
  os::Fd make(mode_t mode);
  void write_back(std::uint64_t size);
  void publish_unnamed();
  void publish_renamed();
  void close();

  Naming naming_;
  std::string_view path_;
  StepTimer timer_;  // before the file is made
  os::Fd fd_;
  bool has_name_ = false;  // one that has to be removed
};

os::Name temporary_name(const Naming& naming) noexcept;

// Gives what has its temporary name the one that it will be called by. False: errno says why.
bool rename_to_its_name(const Naming& naming) noexcept;

}  // namespace ream::sink
