#include "ream/version.hpp"

namespace ream {

std::string_view version() noexcept {
  return REAM_VERSION;
}

}  // namespace ream
