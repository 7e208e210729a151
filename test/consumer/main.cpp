// Uses each part of the installed library once. Usage: consumer DIR
#include <cstdlib>
#include <iostream>

#include "ream/batch.hpp"
#include "ream/fork_server.hpp"
#include "ream/generator.hpp"
#include "ream/listing.hpp"
#include "ream/process.hpp"

namespace {

bool a_function_runs_in_a_process() {
  ream::Process process([](int code) { std::exit(code); }, 7);
  process.start();
  process.join();
  return process.exitcode() == 7;
}

bool a_server_listens() {
  const ream::ForkServer server([](ream::ForkServer::Socket&) {});
  return std::get<boost::asio::ip::tcp::endpoint>(server.local_endpoint()).port() != 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: consumer DIR\n";
    return 2;
  }
  const auto plan = ream::make_generator({.count = 20});
  const ream::Report report = ream::write_batch(*plan, argv[1], {.workers = 2});
  std::cout << report.files << " files, " << report.bytes << " bytes\n";
  for (const ream::Failure& failure : report.failures) std::cerr << failure.text << '\n';
  const bool written = report.complete() && ream::list_directory(argv[1]).size() == 20;
  return written && a_function_runs_in_a_process() && a_server_listens() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "consumer: " << error.what() << '\n';
  return 1;
}
