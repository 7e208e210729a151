// Where samples are written: a fresh directory for each, removed when its figures are taken.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>

namespace ream::bench {

class Scratch {
 public:
  // Makes `directory`, parents too, where it is absent, and a directory of its own in it. Throws
  // Error.
  explicit Scratch(const boost::filesystem::path& directory);

  // Removes all of it, and what it had made of `directory`.
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // The path of a directory that is not there yet.
  boost::filesystem::path fresh();

  // Throws Error where something is left of it.
  void remove(const boost::filesystem::path& sample) const;

 private:
  boost::filesystem::path made_;  // the uppermost directory that was absent
  boost::filesystem::path place_;
  std::uint64_t samples_ = 0;
};

}  // namespace ream::bench
