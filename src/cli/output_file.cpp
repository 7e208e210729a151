#include "cli/output_file.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <fstream>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace fs = boost::filesystem;

void check_output_file(const std::string& file) {
  boost::system::error_code ignored;
  if (fs::is_directory(file, ignored)) throw Error(Operation::write, file, EISDIR);
  if (fs::exists(file, ignored)) {
    if (!os::may_write_file(file.c_str())) os::throw_errno(Operation::write, file);
  } else if (!os::may_write(fs::absolute(file).parent_path().c_str())) {
    os::throw_errno(Operation::create, file);
  }
}

void write_output_file(const std::string& file, std::string_view content) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  if (!stream) os::throw_errno(Operation::write, file);
}

}  // namespace ream::cli
