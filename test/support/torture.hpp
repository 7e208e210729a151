// How long the tests in test/torture/ try: a moment in a run of all tests, for as long as it takes
// in `make torture`.
#pragma once

#include <cstdlib>

namespace ream::test {

inline bool is_torture() noexcept {
  return std::getenv("REAM_TORTURE") != nullptr;
}

template <class Amount>
Amount quick_or_torture(Amount quick, Amount torture) noexcept {
  return is_torture() ? torture : quick;
}

}  // namespace ream::test
