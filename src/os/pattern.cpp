#include "os/pattern.hpp"

#include <glob.h>

#include <algorithm>
#include <string_view>

namespace ream::os {

bool matches_another_file(const char* path) noexcept {
  glob_t found{};
  const bool matched = ::glob(path, GLOB_NOSORT, nullptr, &found) == 0;
  const bool another = matched && std::any_of(found.gl_pathv, found.gl_pathv + found.gl_pathc,
                                              [&](std::string_view name) { return name != path; });
  ::globfree(&found);
  return another;
}

}  // namespace ream::os
