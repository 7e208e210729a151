#include "process/listener.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <sstream>

#include "ream/error.hpp"

namespace ream::detail {

namespace {

using Tcp = boost::asio::ip::tcp;
using Local = boost::asio::local::stream_protocol;

std::string text_of(const Tcp::endpoint& endpoint) {
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

bool has_file(const Local::endpoint& endpoint) {
  const auto path = endpoint.path();
  return !path.empty() && path.front() != '\0';
}

// "@name" is how ss(8) shows a name without a file.
std::string text_of(const Local::endpoint& endpoint) {
  const auto path = endpoint.path();
  return has_file(endpoint) ? path : path.empty() ? "@" : "@" + path.substr(1);
}

os::SocketFile file_of(const Tcp::endpoint&) {
  return {};
}

os::SocketFile file_of(const Local::endpoint& endpoint) {
  return has_file(endpoint) ? os::SocketFile(endpoint.path()) : os::SocketFile();
}

// The acceptor that it is given to makes sockets that an exec() would inherit.
template <class Acceptor, class Protocol>
void open(Acceptor& acceptor, const Protocol& protocol) {
  auto socket = os::open_stream_socket(protocol.family(), protocol.protocol());
  acceptor.assign(protocol, socket.get());
  socket.release();
}

}  // namespace

Listener::Listener(const ForkServer::Endpoint& endpoint, int backlog)
    : address_(std::visit([](const auto& known) { return text_of(known); }, endpoint)) {
  try {
    std::visit([&](const auto& known) { listen(known, backlog); }, endpoint);
  } catch (const boost::system::system_error& error) {
    throw Error(Operation::listen, address_, error.code().value());
  }
}

template <class Endpoint>
void Listener::listen(const Endpoint& endpoint, int backlog) {
  boost::asio::io_context context(1);
  boost::asio::basic_socket_acceptor<typename Endpoint::protocol_type> acceptor(context);
  open(acceptor, endpoint.protocol());
  // Or a server could not come back to its port while connections of its last run linger there.
  acceptor.set_option(boost::asio::socket_base::reuse_address(true));
  acceptor.bind(endpoint);
  file_ = file_of(endpoint);
  acceptor.listen(backlog);
  local_endpoint_ = acceptor.local_endpoint();
  fd_ = os::Fd(acceptor.release());
}

boost::asio::generic::stream_protocol Listener::protocol() const {
  return std::visit(
      [](const auto& known) { return boost::asio::generic::stream_protocol(known.protocol()); },
      local_endpoint_);
}

void Listener::close() noexcept {
  file_.remove();
  fd_.reset();
}

}  // namespace ream::detail
