// A file on its way to its name. Gone, unless it was published.
#pragma once

#include <string>
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

class NewFile {
 public:
  // Makes the file that will be `name`. `temporary_name` is for Appearance::temporary, beside it.
  // Both must stay as they are until the file is published. Throws Error that names `path`.
  NewFile(Appearance appearance, os::Name name, const std::string& temporary_name, mode_t mode,
          std::string_view path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  int fd() const noexcept { return fd_.get(); }

  // Closes it, under its name. Throws Error: EEXIST where something else has that.
  void publish();

 private:
  os::Name made_as() const noexcept;
  void publish_unnamed();
  void close();

  Appearance appearance_;
  os::Name name_;
  const std::string& temporary_name_;
  std::string_view path_;
  os::Fd fd_;
  bool has_name_ = false;  // one that has to be removed
};

}  // namespace ream::sink
