// Greets each client by a process of its own, receives one message, and prints it.
//
// Usage: greeting_server [PORT]
// Without PORT it takes a free one. Ctrl-C or SIGTERM ends it.
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <ream/fork_server.hpp>
#include <string>
#include <variant>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

ream::ForkServer* stopped_by_signal = nullptr;

void stop(int) {
  stopped_by_signal->stop();
}

// Runs in a child process. A client that breaks off is an exception, which ends this child alone.
void serve(ream::ForkServer::Socket& client) {
  asio::write(client, asio::buffer(std::string("Welcome, client!\n")));
  std::string message;
  asio::read_until(client, asio::dynamic_buffer(message), '\n');
  std::cout << "received: " << message;
}

}  // namespace

int main(int argc, char** argv) try {
  ream::ForkServerOptions options;
  const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 0);
  options.endpoint = tcp::endpoint(asio::ip::address_v4::loopback(), port);
  options.connection_timeout = std::chrono::seconds(60);

  ream::ForkServer server(serve, options);
  stopped_by_signal = &server;
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);

  std::cout << "port: " << std::get<tcp::endpoint>(server.local_endpoint()).port() << std::endl;
  server.run();  // until the signal, and until those that are served then have ended
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  const auto total = server.statistics();
  std::cout << "clients: " << total.accepted << ", failed: " << total.failed << '\n';
  return total.failed == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "greeting_server: " << error.what() << '\n';
  return 1;
}
