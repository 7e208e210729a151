// One connection, and the process that serves it.
#pragma once

#include <cstdint>
#include <functional>

#include "os/private_fd.hpp"
#include "os/process.hpp"
#include "ream/process.hpp"

namespace ream::detail {

class Connection final : public Process {
 public:
  using Serve = std::function<void(os::PrivateFd socket)>;

  struct Limits {
    std::chrono::milliseconds timeout;  // 0 or less: none
    std::chrono::milliseconds grace;
  };

  // `serve` is called in the child.
  Connection(std::uint64_t number, os::PrivateFd socket, Serve serve, Limits limits);

  // Forks, and closes the parent's copy of the socket. Throws what start() throws, and may be
  // called again then.
  void begin();

  // -1 where it had ended when begin() returned.
  int sentinel_fd() const noexcept { return sentinel_; }

  // When end_if_overdue() has something to do next.
  os::Clock::time_point deadline() const noexcept { return deadline_; }
  void end_if_overdue(os::Clock::time_point now);

  void run() override { serve_(std::move(socket_)); }

 protected:
  void set_up_signals() override;

 private:
  os::PrivateFd socket_;
  Serve serve_;
  Limits limits_;
  int sentinel_ = -1;
  os::Clock::time_point deadline_ = os::never;
  bool asked_to_end_ = false;
};

}  // namespace ream::detail
