// How a process ended.
#pragma once

#include <string>
#include <variant>

#include "ream/api.hpp"

namespace ream {

struct Exited {
  int code = 0;  // 0 to 255
  friend bool operator==(const Exited&, const Exited&) = default;
};

struct Signalled {
  int signal = 0;
  bool core_dumped = false;
  friend bool operator==(const Signalled&, const Signalled&) = default;
};

// Somebody else took the status (waitpid(-1) elsewhere in the program, or SIGCHLD ignored): the
// process is gone and nobody can tell how.
struct Lost {
  friend bool operator==(const Lost&, const Lost&) = default;
};

class REAM_API ExitStatus {
 public:
  ExitStatus() = default;  // Exited{0}
  ExitStatus(Exited how) : how_(how) {}
  ExitStatus(Signalled how) : how_(how) {}
  ExitStatus(Lost how) : how_(how) {}

  const std::variant<Exited, Signalled, Lost>& how() const noexcept { return how_; }
  bool success() const noexcept { return how_ == decltype(how_){Exited{0}}; }

  // "exited with 0", "killed by SIGSEGV (core dumped)", "ended, status taken by another wait".
  std::string to_string() const;

  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;

 private:
  std::variant<Exited, Signalled, Lost> how_;
};

// "SIGKILL"; "signal 99" for one without a name.
REAM_API std::string signal_name(int signal);

}  // namespace ream
