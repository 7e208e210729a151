// The socket that a server listens on. Boost.Asio sets it up, and from then on it is a plain
// descriptor for a poll(): an io_context in the parent would be shared with every child.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <string>

#include "os/sockets.hpp"
#include "ream/fork_server.hpp"

namespace ream::detail {

class Listener {
 public:
  // Throws Error (listen, with the address).
  Listener(const ForkServer::Endpoint& endpoint, int backlog);

  const ForkServer::Endpoint& local_endpoint() const noexcept { return local_endpoint_; }
  boost::asio::generic::stream_protocol protocol() const;

  int fd() const noexcept { return fd_.get(); }  // -1 once it is closed
  os::Accepted accept() const { return os::accept_connection(fd_.get(), address_); }

  // Turns away who is not accepted yet.
  void close() noexcept;
  // In a child: the parent goes on listening.
  void close_copy() noexcept { fd_.reset(); }

 private:
  template <class Endpoint>
  void listen(const Endpoint& endpoint, int backlog);

  std::string address_;
  ForkServer::Endpoint local_endpoint_;
  os::Fd fd_;
  os::SocketFile file_;
};

}  // namespace ream::detail
