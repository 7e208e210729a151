// Several clients of greeting_server at the same time, each a process. The first is slow: it waits
// for half a second before it speaks, and none of the others waits for it.
//
// Usage: greeting_client PORT [CLIENTS]
#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <ream/process.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using boost::asio::ip::tcp;

namespace {

void talk(const std::string& port, int number) {
  tcp::iostream server("127.0.0.1", port);
  std::string greeting;
  if (!std::getline(server, greeting)) throw std::runtime_error("nobody greets on port " + port);
  if (number == 1) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  std::cout << "client " << number << " was told: " << greeting << std::endl;
  server << "hello from client " << number << std::endl;
}

bool ended_well(const ream::Process& client) {
  return client.exitcode() == 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw std::runtime_error("usage: greeting_client PORT [CLIENTS]");
  const std::string port = argv[1];
  const int count = argc > 2 ? std::atoi(argv[2]) : 3;

  std::vector<ream::Process> clients;
  for (int number = 1; number <= count; ++number) clients.emplace_back(talk, port, number);
  for (auto& client : clients) client.start();
  ream::join_all(clients);
  return std::all_of(clients.begin(), clients.end(), ended_well) ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "greeting_client: " << error.what() << '\n';
  return 1;
}
