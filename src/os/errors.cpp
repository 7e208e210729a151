#include "os/errors.hpp"

namespace ream::os {

void throw_errno(Operation operation, std::string_view path) {
  const int error_number = errno;
  throw Error(operation, std::string(path), error_number);
}

}  // namespace ream::os
