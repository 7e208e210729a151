#define BOOST_TEST_MODULE greeting
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "example.hpp"

using namespace ream::test;

namespace {

// A server on a free port, until the end of the scope.
class GreetingServer {
 public:
  GreetingServer() : program_(path_of_example("greeting_server"), {}) {
    BOOST_REQUIRE(eventually([&] { return contains(program_.out_so_far(), "\n"); }));
  }

  std::string port() { return std::to_string(number_after("port: ", program_.out_so_far())); }

  Ended end_by(int signal) {
    program_.send_signal(signal);
    return program_.wait();
  }

  bool anyone_left() const { return program_.anyone_left(); }

 private:
  Running program_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(clients_are_greeted_and_heard_and_none_waits_for_the_slow_one) {
  GreetingServer server;
  const auto clients = run_example("greeting_client", {server.port(), "4"});
  BOOST_TEST(clients.exit_code == 0);
  const auto told = lines_of(clients.out);
  BOOST_TEST((std::set<std::string>(told.begin(), told.end()) ==
              std::set<std::string>{
                  "client 1 was told: Welcome, client!", "client 2 was told: Welcome, client!",
                  "client 3 was told: Welcome, client!", "client 4 was told: Welcome, client!"}));
  BOOST_TEST(told.back() == "client 1 was told: Welcome, client!");

  const auto ended = server.end_by(SIGTERM);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(!server.anyone_left());
  const auto heard = lines_of(ended.out);
  BOOST_REQUIRE(heard.size() == 6U);
  for (const auto* number : {"1", "2", "3", "4"}) {
    BOOST_TEST(contains(ended.out, std::string("received: hello from client ") + number + "\n"));
  }
  BOOST_TEST(heard[4] == "received: hello from client 1");
  BOOST_TEST(heard[5] == "clients: 4, failed: 0");
}

BOOST_AUTO_TEST_CASE(a_ctrl_c_ends_the_server_too) {
  GreetingServer server;
  const auto ended = server.end_by(SIGINT);
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(lines_of(ended.out).back() == "clients: 0, failed: 0");
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_is_told) {
  GreetingServer server;
  const auto second = run_example("greeting_server", {server.port()});
  BOOST_TEST(second.exit_code == 1);
  BOOST_TEST(second.err == "greeting_server: cannot listen on '127.0.0.1:" + server.port() +
                               "': Address already in use\n");
  const auto port = server.port();
  server.end_by(SIGTERM);
  BOOST_TEST(run_example("greeting_client", {port, "1"}).exit_code == 1);
}
