#include "cli/output_file.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>

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

}  // namespace ream::cli
