// The one place where a failed system call becomes an Error.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "ream/error.hpp"

namespace ream::os {

// Throws Error with the errno of the call that has just failed.
[[noreturn]] void throw_errno(Operation operation, std::string_view path);

// The call again, as long as a signal interrupts it.
template <class Call>
auto retry_on_eintr(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace ream::os
