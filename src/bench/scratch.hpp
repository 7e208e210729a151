// Where samples are written: a fresh directory for each, removed when its figures are taken.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>

#include "os/fd.hpp"
#include "sink/made_directories.hpp"
#include "sink/run_mark.hpp"

namespace ream::bench {

class Scratch {
 public:
  // Makes `directory` where it is absent, and a hidden directory of its own in it. What a dead run
  // left there is removed; what this one leaves where it is killed goes by 'ream clean'. Throws
  // Error.
  explicit Scratch(const boost::filesystem::path& directory);
  ~Scratch();  // as remove_all(), as far as it can
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // The path of a directory that is not there yet.
  boost::filesystem::path fresh();

  // Has what earlier samples wrote, and their removal, written out: it is not the next one's to pay
  // for. Throws Error.
  void write_out() const;

  // Throws Error where something is left of it.
  void remove(const boost::filesystem::path& sample) const;

  // Removes all of it. Throws Error that names what is left.
  void remove_all();

 private:
  bool try_to_remove_all() noexcept;

  sink::MadeDirectories made_;
  os::Fd root_;
  sink::RunMark mark_;
  boost::filesystem::path place_;
  std::uint64_t samples_ = 0;
};

}  // namespace ream::bench
