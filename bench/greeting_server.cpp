// Greets whoever connects, by a process each: what bench/peers/python_forking_server.py does, on
// ream::ForkServer.
//
// Usage: greeting_server          prints the port of 127.0.0.1 that it listens on; ends by SIGTERM
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <cstdio>

#include "ream/fork_server.hpp"

namespace {

ream::ForkServer* stopped_by_signal = nullptr;

void greet(ream::ForkServer::Socket& client) {
  boost::asio::write(client, boost::asio::buffer("Hello!\n", 7));
}

}  // namespace

int main() {
  ream::ForkServer server(greet);
  stopped_by_signal = &server;
  std::signal(SIGTERM, [](int) { stopped_by_signal->stop(); });
  using Tcp = boost::asio::ip::tcp;
  std::printf("%d\n", std::get<Tcp::endpoint>(server.local_endpoint()).port());
  std::fflush(stdout);
  server.run();
  return server.statistics().failed == 0 ? 0 : 1;
}
