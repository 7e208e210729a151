#define BOOST_TEST_MODULE readme
#include <signal.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/filesystem.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

using namespace ream::test;
namespace fs = boost::filesystem;
namespace asio = boost::asio;

namespace {

std::string path_of_program(const std::string& name) {
  return README_PROGRAMS "/" + name;
}

std::string told_by_server_on(int port) {
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
  std::string told;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(told), end);
  return told;
}

}  // namespace

BOOST_AUTO_TEST_CASE(its_batch_is_written) {
  const TemporaryDirectory scratch;
  const auto ended = run(path_of_program("batch"), {}, {.directory = scratch.path().string()});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err == "");
  const fs::directory_iterator files(scratch.path() / "out");
  BOOST_TEST(std::distance(files, fs::directory_iterator()) == 2'000);
}

BOOST_AUTO_TEST_CASE(its_function_runs_in_a_process) {
  const TemporaryDirectory scratch;
  const auto ended = run(path_of_program("process"), {}, {.directory = scratch.path().string()});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(ended.err == "");
  int number = 0;
  std::ifstream((scratch.path() / "out").string()) >> number;
  BOOST_TEST(number == 7);
}

BOOST_AUTO_TEST_CASE(its_server_greets) {
  Running server(path_of_program("fork_server"), {});
  BOOST_REQUIRE(eventually([&] { return server.out_so_far().find('\n') != std::string::npos; }));
  const auto endpoint = server.out_so_far();
  const auto port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
  BOOST_TEST(told_by_server_on(port) == "hello\n");
  BOOST_TEST(told_by_server_on(port) == "hello\n");
  server.send_signal(SIGTERM);
  BOOST_TEST(server.wait().signal == SIGTERM);
}
