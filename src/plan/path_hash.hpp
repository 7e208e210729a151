// A hash of a path that can be stopped at every slash, so that one pass hashes all its parents too.
#pragma once

#include <cstdint>
#include <string_view>

#include "random.hpp"

namespace ream::plan {

class PathHash {
 public:
  void add(char c) noexcept {
    state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;  // FNV-1a
  }
  // FNV's low bits are weak for short inputs; the mix makes every bit count.
  std::uint64_t value() const noexcept { return splitmix(state_); }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

// Calls visit(hash, parent) for every proper parent of `path`, the outermost first; returns the
// hash of the whole path.
template <class Visit>
std::uint64_t hash_path(std::string_view path, Visit visit) {
  PathHash hash;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '/') visit(hash.value(), path.substr(0, i));
    hash.add(path[i]);
  }
  return hash.value();
}

}  // namespace ream::plan
