// A file on its way to its name. Gone, unless it was published.
#pragma once

#include <string_view>

#include "os/fd.hpp"
#include "os/file.hpp"

namespace ream::sink {

// How a file comes to its name.
enum class Appearance {
  in_place,   // it is made under it, and grows there
  unnamed,    // made without one, and linked when it is complete
  temporary,  // made under another, and renamed when it is complete
};

// Whether it may take the place of what has the name already.
enum class Existing { stays, is_replaced };

// What a file will be called, and how it comes to that.
struct Naming {
  Appearance appearance;
  Existing existing;
  os::Name name;
  const char* temporary_name;  // beside `name`, for Appearance::temporary
};

class NewFile {
 public:
  // Names must stay as they are until the file is published. Throws Error that names `path`.
  NewFile(const Naming& naming, mode_t mode, std::string_view path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  int fd() const noexcept { return fd_.get(); }

  // Closes it, under its name. Throws Error: EEXIST where something else has that and stays, EISDIR
  // where a directory has it.
  void publish();

 private:
  os::Name made_as() const noexcept;
  os::Fd make(mode_t mode);
  void publish_unnamed();
  bool rename() const noexcept;
  void close();

  Naming naming_;
  std::string_view path_;
  os::Fd fd_;
  bool has_name_ = false;  // one that has to be removed
};

}  // namespace ream::sink
