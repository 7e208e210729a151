// Has so many clients greeted by a server on 127.0.0.1, several at once, and fails unless each of
// them gets the whole greeting. What is measured is the server: one process of plain sockets drives
// all clients.
//
// Usage: greeting_clients PORT COUNT AT_ONCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view greeting = "Hello!\n";
constexpr int longest_wait_ms = 10'000;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

struct Client {
  int socket = -1;
  std::string heard;
};

Client connect_to(in_port_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  const auto* plain = reinterpret_cast<const sockaddr*>(&address);
  if (connect(fd, plain, sizeof address) != 0 && errno != EINPROGRESS) fail("connect");
  return {fd, {}};
}

// True once it has heard all, up to the end.
bool hear(Client& client) {
  char piece[64];
  const ssize_t got = recv(client.socket, piece, sizeof piece, 0);
  if (got < 0 && errno == EAGAIN) return false;
  if (got < 0) fail("recv");
  client.heard.append(piece, static_cast<std::size_t>(got));
  if (got > 0) return false;
  if (client.heard != greeting) throw std::runtime_error("not greeted: '" + client.heard + "'");
  close(client.socket);
  return true;
}

std::vector<pollfd> polled(const std::vector<Client>& clients) {
  std::vector<pollfd> fds;
  for (const auto& client : clients) fds.push_back({client.socket, POLLIN, 0});
  return fds;
}

void drive(in_port_t port, long count, long at_once) {
  std::vector<Client> clients;
  for (long begun = 0, greeted = 0; greeted < count;) {
    for (; begun < count && begun - greeted < at_once; ++begun) clients.push_back(connect_to(port));
    auto fds = polled(clients);
    if (poll(fds.data(), fds.size(), longest_wait_ms) <= 0) fail("poll");
    for (std::size_t i = clients.size(); i-- > 0;) {
      if (fds[i].revents == 0 || !hear(clients[i])) continue;
      clients[i] = std::move(clients.back());
      clients.pop_back();
      ++greeted;
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: greeting_clients PORT COUNT AT_ONCE");
  drive(static_cast<in_port_t>(std::atoi(argv[1])), std::atol(argv[2]), std::atol(argv[3]));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "greeting_clients: %s\n", error.what());
  return 1;
}
