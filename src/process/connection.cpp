#include "process/connection.hpp"

#include <fmt/format.h>

#include <csignal>

#include "os/signals.hpp"

namespace ream::detail {

Connection::Connection(std::uint64_t number, os::PrivateFd socket, Serve serve, Limits limits)
    : Process({.name = fmt::format("connection {}", number),
               .daemon = false,
               .ends_with_parent = true,
               .grace = limits.grace}),
      socket_(std::move(socket)),
      serve_(std::move(serve)),
      limits_(limits) {
  fork_in_calling_thread();  // ForkServer::run() waits for it
  keep_descriptor(socket_.get());
}

void Connection::begin() {
  start();
  socket_.reset();
  // Of one that has ended already a sentinel would have to be made, and that can fail.
  if (!exit_status()) sentinel_ = sentinel();
  if (limits_.timeout.count() > 0) deadline_ = point_after(limits_.timeout);
}

void Connection::end_if_overdue(os::Clock::time_point now) {
  if (now < deadline_) return;
  if (asked_to_end_) {
    kill();
    deadline_ = os::never;
  } else {
    terminate();
    deadline_ = point_after(limits_.grace);
  }
  asked_to_end_ = true;
}

// A Ctrl-C goes to the whole foreground process group: what becomes of connections is for the
// server to say.
void Connection::set_up_signals() {
  os::ignore_signal(SIGINT);
}

}  // namespace ream::detail
