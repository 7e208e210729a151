#define BOOST_TEST_MODULE fork_server
#include "ream/fork_server.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <iterator>
#include <list>
#include <stdexcept>
#include <thread>

#include "ream/error.hpp"
#include "ream/process.hpp"
#include "support/children.hpp"
#include "support/run_program.hpp"
#include "support/stream_client.hpp"
#include "support/temporary_directory.hpp"

using namespace ream;
using namespace std::chrono_literals;
using test::eventually;
using test::open_descriptors;
using test::StreamClient;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

namespace fork_server_test {

bool is_listener(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1;
}

std::vector<int> open_listeners() {
  std::vector<int> found;
  for (const auto& entry : boost::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename().native());
    if (is_listener(fd)) found.push_back(fd);
  }
  return found;
}

// Empty: the client has gone.
std::string next_line(ForkServer::Socket& client) {
  std::string line;
  boost::system::error_code gone;
  asio::read_until(client, asio::dynamic_buffer(line), '\n', gone);
  return line.substr(0, line.find('\n'));
}

void tell(ForkServer::Socket& client, const std::string& text) {
  asio::write(client, asio::buffer(text + "\n"));
}

void crash() {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(SIGABRT, SIG_DFL);
  ::raise(SIGABRT);
}

// Greets, and then does what the client's line says.
void obey(ForkServer::Socket& client) {
  tell(client, "hello");
  const auto order = next_line(client);
  if (order.empty()) return;
  if (order == "throw") throw std::runtime_error("expected by the test");
  if (order == "crash") crash();
  if (order == "exit 3") std::exit(3);
  if (order == "pid") tell(client, std::to_string(::getpid()));
  if (order == "listeners") tell(client, std::to_string(open_listeners().size()));
  if (order == "interrupt") ::raise(SIGINT);
  if (order == "stay") {
    ::signal(SIGTERM, SIG_IGN);
    tell(client, "staying");
    next_line(client);
  }
  tell(client, "bye");
}

// Served in a thread of this process, from here to the end of the scope.
class Serving {
 public:
  explicit Serving(const ForkServerOptions& options = {}, ForkServer::Handler handler = obey)
      : server_(std::move(handler), options), thread_([this] { run(); }) {}
  ~Serving() { end(); }

  ForkServer& server() { return server_; }
  StreamClient client() const { return StreamClient(server_.local_endpoint()); }

  bool eventually_has(std::uint64_t active, std::uint64_t failed) const {
    return eventually([&] {
      const auto now = server_.statistics();
      return now.active == active && now.failed == failed;
    });
  }

  bool has_returned() const { return returned_; }

  void end() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run() {
    server_.run();
    returned_ = true;
  }

  ForkServer server_;
  std::atomic<bool> returned_{false};
  std::thread thread_;
};

std::string answer(StreamClient client, std::string_view order) {
  BOOST_TEST(client.line() == "hello");
  client.say(order);
  client.say("\n");
  return client.rest();
}

ForkServerOptions at(ForkServerOptions::Endpoint endpoint) {
  ForkServerOptions options;
  options.endpoint = std::move(endpoint);
  return options;
}

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("there was no error");
}

BOOST_AUTO_TEST_CASE(a_client_is_greeted_over_tcp_on_a_free_port_of_loopback) {
  Serving serving;
  const auto endpoint = std::get<Tcp::endpoint>(serving.server().local_endpoint());
  BOOST_TEST(endpoint.address().is_loopback());
  BOOST_TEST(endpoint.port() != 0);
  BOOST_TEST(answer(StreamClient(endpoint), "end") == "bye\n");
}

BOOST_AUTO_TEST_CASE(a_client_is_greeted_over_tcp_6) {
  Serving serving(at(Tcp::endpoint(asio::ip::address_v6::loopback(), 0)));
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
}

BOOST_AUTO_TEST_CASE(a_client_is_greeted_over_a_unix_socket_whose_file_goes_with_the_server) {
  const TemporaryDirectory scratch;
  Serving serving(at(Local::endpoint((scratch / "socket").native())));
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(scratch.contains("socket"));
  serving.end();
  BOOST_TEST(!scratch.contains("socket"));
}

BOOST_AUTO_TEST_CASE(a_unix_socket_without_a_path_gets_a_name_from_the_system) {
  Serving serving(at(Local::endpoint("")));
  BOOST_TEST(std::get<Local::endpoint>(serving.server().local_endpoint()).path().size() > 1);
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
}

BOOST_AUTO_TEST_CASE(a_socket_file_that_somebody_else_has_put_there_is_left) {
  const TemporaryDirectory scratch;
  {
    const ForkServer server(obey, at(Local::endpoint((scratch / "socket").native())));
    boost::filesystem::rename(scratch / "socket", scratch / "moved");
    scratch.write_file("socket", "another's");
  }
  BOOST_TEST(scratch.contains("socket"));
}

BOOST_AUTO_TEST_CASE(a_socket_file_is_not_removed_by_a_process_that_only_inherited_the_server) {
  const TemporaryDirectory scratch;
  auto server =
      std::make_unique<ForkServer>(obey, at(Local::endpoint((scratch / "socket").native())));
  Process heir([&] { server.reset(); });
  heir.start();
  heir.join();
  BOOST_TEST(scratch.contains("socket"));
  server.reset();
  BOOST_TEST(!scratch.contains("socket"));
}

BOOST_AUTO_TEST_CASE(an_address_that_cannot_be_listened_on_is_named) {
  const TemporaryDirectory scratch;
  scratch.write_file("file", "");
  const ForkServer server(obey);
  const auto taken = std::get<Tcp::endpoint>(server.local_endpoint());
  const auto error = error_of([&] { ForkServer other(obey, at(taken)); });
  BOOST_TEST(error.what() == "cannot listen on '127.0.0.1:" + std::to_string(taken.port()) +
                                 "': Address already in use");
  for (const auto& [name, number] : {std::pair("file", EADDRINUSE), {"none/socket", ENOENT}}) {
    const auto path = (scratch / name).native();
    const auto problem = error_of([&] { ForkServer other(obey, at(Local::endpoint(path))); });
    BOOST_TEST(problem.path() == path);
    BOOST_TEST(problem.error_number() == number);
  }
  BOOST_TEST(scratch.contains("file"));
}

BOOST_AUTO_TEST_CASE(what_can_never_serve_is_refused) {
  ForkServerOptions none;
  none.max_children = 0;
  BOOST_CHECK_THROW(ForkServer(obey, none), std::invalid_argument);
  BOOST_CHECK_THROW(ForkServer(nullptr), std::invalid_argument);
  ForkServer server(obey);
  server.stop();
  server.run();
  BOOST_CHECK_THROW(server.run(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_slow_client_delays_nobody) {
  Serving serving;
  auto slow = serving.client();
  BOOST_TEST(slow.line() == "hello");
  for (int i = 0; i < 5; ++i) BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  slow.say("end\n");
  BOOST_TEST(slow.rest() == "bye\n");
  BOOST_TEST(serving.eventually_has(0, 0));
  BOOST_TEST(serving.server().statistics().accepted == 6);
  BOOST_TEST(serving.server().statistics().peak >= 2);
}

BOOST_AUTO_TEST_CASE(each_client_has_a_process_of_its_own) {
  Serving serving;
  const auto first = answer(serving.client(), "pid");
  const auto second = answer(serving.client(), "pid");
  BOOST_TEST(first != second);
  BOOST_TEST(std::stoi(first) != ::getpid());
}

BOOST_DATA_TEST_CASE(what_ends_a_handler_ends_its_connection_alone_and_is_counted,
                     boost::unit_test::data::make({"throw", "crash", "exit 3"}), order) {
  Serving serving;
  auto other = serving.client();
  BOOST_TEST(other.line() == "hello");
  BOOST_TEST(answer(serving.client(), order).empty());
  BOOST_TEST(serving.eventually_has(1, 1));
  other.say("end\n");
  BOOST_TEST(other.rest() == "bye\n");
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(serving.eventually_has(0, 1));
}

BOOST_AUTO_TEST_CASE(at_max_children_it_stops_accepting_and_goes_on_serving) {
  ForkServerOptions options;
  options.max_children = 2;
  Serving serving(options);
  std::list<StreamClient> clients;
  for (int i = 0; i < 2; ++i) BOOST_TEST(clients.emplace_back(serving.client()).line() == "hello");
  auto waiting = serving.client();
  BOOST_TEST(!waiting.hears(200));
  BOOST_TEST(serving.server().statistics().accepted == 2);
  clients.front().say("end\n");
  BOOST_TEST(clients.front().rest() == "bye\n");
  BOOST_TEST(answer(std::move(waiting), "end") == "bye\n");
  BOOST_TEST(serving.server().statistics().peak == 2);
}

BOOST_AUTO_TEST_CASE(a_child_over_its_time_is_ended_and_counted) {
  ForkServerOptions options;
  options.connection_timeout = 500ms;
  Serving serving(options);
  auto silent = serving.client();
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(silent.line() == "hello");
  BOOST_TEST(silent.rest().empty());
  BOOST_TEST(serving.eventually_has(0, 1));
  BOOST_TEST(serving.server().statistics().accepted == 2);
}

BOOST_AUTO_TEST_CASE(a_child_over_its_time_that_ignores_sigterm_is_killed_after_the_grace) {
  ForkServerOptions options;
  options.connection_timeout = 300ms;
  options.grace = 300ms;
  Serving serving(options);
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(answer(serving.client(), "stay") == "staying\n");
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 600ms));
  BOOST_TEST(serving.eventually_has(0, 1));
}

BOOST_AUTO_TEST_CASE(stop_lets_those_that_are_served_end_and_turns_away_others) {
  Serving serving;
  auto served = serving.client();
  BOOST_TEST(served.line() == "hello");
  serving.server().stop();
  BOOST_TEST(eventually([&] {
    try {
      return serving.client().hears(0);
    } catch (const std::system_error& refused) {
      return refused.code() == std::errc::connection_refused;
    }
  }));
  std::this_thread::sleep_for(100ms);
  BOOST_TEST(!serving.has_returned());
  served.say("end\n");
  BOOST_TEST(served.rest() == "bye\n");
  BOOST_TEST(eventually([&] { return serving.has_returned(); }));
  BOOST_TEST(serving.server().statistics().failed == 0);
}

BOOST_AUTO_TEST_CASE(while_it_waits_after_stop_the_time_of_a_connection_still_counts) {
  ForkServerOptions options;
  options.connection_timeout = 500ms;
  Serving serving(options);
  auto silent = serving.client();
  BOOST_TEST(silent.line() == "hello");
  serving.end();
  BOOST_TEST(silent.rest().empty());
  BOOST_TEST(serving.server().statistics().failed == 1);
}

BOOST_AUTO_TEST_CASE(without_block_on_close_stop_ends_those_that_are_served) {
  ForkServerOptions options;
  options.block_on_close = false;
  options.grace = 200ms;
  Serving serving(options);
  auto silent = serving.client();
  BOOST_TEST(silent.line() == "hello");
  auto stubborn = serving.client();
  stubborn.say("stay\n");
  BOOST_TEST(stubborn.line() == "hello");
  BOOST_TEST(stubborn.line() == "staying");
  serving.end();
  BOOST_TEST(silent.rest().empty());
  BOOST_TEST(stubborn.rest().empty());
  BOOST_TEST(serving.server().statistics().failed == 2);
  BOOST_TEST(serving.server().statistics().active == 0);
  BOOST_TEST(active_children().empty());
}

ForkServer* stopped_by_signal = nullptr;

void stop_by_signal(int) {
  stopped_by_signal->stop();
}

BOOST_AUTO_TEST_CASE(stop_can_be_called_by_a_signal_handler) {
  ForkServer server(obey);
  stopped_by_signal = &server;
  ::signal(SIGUSR1, stop_by_signal);
  std::thread client([&, main_thread = ::pthread_self()] {
    BOOST_TEST(answer(StreamClient(server.local_endpoint()), "end") == "bye\n");
    ::pthread_kill(main_thread, SIGUSR1);
  });
  server.run();
  client.join();
  ::signal(SIGUSR1, SIG_DFL);
  BOOST_TEST(server.statistics().accepted == 1);
  BOOST_TEST(server.statistics().failed == 0);
}

BOOST_AUTO_TEST_CASE(a_ctrl_c_for_the_server_does_not_cut_off_connections) {
  Serving serving;
  BOOST_TEST(answer(serving.client(), "interrupt") == "bye\n");
}

BOOST_AUTO_TEST_CASE(the_child_has_no_listener) {
  Serving serving;
  BOOST_TEST(open_listeners().size() == 1);
  BOOST_TEST(answer(serving.client(), "listeners") == "0\nbye\n");
}

BOOST_AUTO_TEST_CASE(a_process_that_is_started_beside_the_server_holds_no_connection) {
  const test::Gate go;
  std::list<Process> beside;
  Serving serving;
  for (int i = 0; i < 50; ++i) {
    auto client = serving.client();
    beside.emplace_back([&] { go.wait(); }).start();
    BOOST_TEST(client.line() == "hello");
    client.say("crash\n");  // no shutdown() by the child
    BOOST_TEST(client.rest().empty());
  }
  BOOST_TEST(!go.is_open());
  go.open();
}

BOOST_AUTO_TEST_CASE(neither_the_parent_nor_a_later_child_holds_a_connection) {
  Serving serving;
  auto first = serving.client();
  BOOST_TEST(first.line() == "hello");
  auto second = serving.client();
  BOOST_TEST(second.line() == "hello");
  first.say("crash\n");  // no shutdown() by the child
  BOOST_TEST(first.rest().empty());
  BOOST_TEST(serving.server().statistics().accepted == 2);
}

BOOST_AUTO_TEST_CASE(a_client_sees_the_end_even_where_a_process_of_the_handler_holds_the_socket) {
  Serving serving({}, [](ForkServer::Socket& client) {
    if (::fork() == 0) {
      std::this_thread::sleep_for(2s);
      ::_exit(0);
    }
    tell(client, "hello");
  });
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(serving.client().rest() == "hello\n");
  BOOST_TEST((std::chrono::steady_clock::now() - start < 1500ms));
}

BOOST_AUTO_TEST_CASE(hundreds_of_connections_leave_neither_descriptors_nor_children) {
  Serving serving;
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(serving.eventually_has(0, 0));
  const auto before = open_descriptors();
  for (int i = 0; i < 300; ++i) serving.client().line();
  BOOST_TEST(eventually([&] { return serving.server().statistics().accepted == 301; }));
  BOOST_TEST(eventually([&] { return serving.server().statistics().active == 0; }));
  BOOST_TEST(open_descriptors() == before);
  BOOST_TEST(active_children().empty());
  serving.end();
  boost::filesystem::ifstream children("/proc/self/task/" + std::to_string(::getpid()) +
                                       "/children");
  BOOST_TEST((children.peek() == std::char_traits<char>::eof()));
}

BOOST_AUTO_TEST_CASE(where_run_throws_nobody_is_left) {
  ForkServerOptions options;
  options.grace = 200ms;
  ForkServer server(obey, options);
  std::optional<Error> error;
  std::thread thread([&] { error = error_of([&] { server.run(); }); });
  StreamClient served(server.local_endpoint());
  BOOST_TEST(served.line() == "hello");
  served.say("stay\n");
  BOOST_TEST(served.line() == "staying");
  StreamClient other(server.local_endpoint());
  BOOST_TEST(other.line() == "hello");
  // The end of the other one wakes the server, and what is ready then is no listener any more.
  const int no_listener = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_REQUIRE(::dup2(no_listener, open_listeners().at(0)) >= 0);
  ::close(no_listener);
  other.say("end\n");
  thread.join();
  BOOST_TEST((error.value().operation() == Operation::accept));
  BOOST_TEST(error.value().error_number() == ENOTSOCK);
  BOOST_TEST(served.rest().empty());
  BOOST_TEST(active_children().empty());
  BOOST_TEST(server.statistics().active == 0);
}

BOOST_AUTO_TEST_CASE(where_nobody_can_tell_how_a_process_ended_it_is_served_and_counts_as_failed) {
  ::signal(SIGCHLD, SIG_IGN);
  Serving serving;
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(serving.eventually_has(0, 2));
  ::signal(SIGCHLD, SIG_DFL);
}

BOOST_AUTO_TEST_CASE(a_process_that_may_not_have_children_cannot_serve) {
  ForkServer server(obey);
  Process daemon({.daemon = true}, [&] { server.run(); });
  daemon.start();
  BOOST_TEST(StreamClient(server.local_endpoint()).rest().empty());
  daemon.join();
  BOOST_TEST(daemon.error().value_or("").find("may not have children") != std::string::npos);
}

#ifndef __SANITIZE_ADDRESS__  // a sanitizer needs descriptors of its own

// A server in a process of its own, whose limits can be changed from here.
class ServingElsewhere {
 public:
  explicit ServingElsewhere(const ForkServerOptions& options = {})
      : server_(obey, options), process_([this] { run(); }) {
    process_.start();
  }
  ~ServingElsewhere() { server_.stop(); }

  StreamClient client() const { return StreamClient(server_.local_endpoint()); }

  // Zombies too.
  int children() const {
    const auto pid = std::to_string(process_.pid());
    boost::filesystem::ifstream file("/proc/" + pid + "/task/" + pid + "/children");
    return static_cast<int>(std::distance(std::istream_iterator<int>(file), {}));
  }

  // The numbers in use may have gaps: they came from whoever started this program.
  void leave_free_descriptors(unsigned free) {
    const boost::filesystem::path directory("/proc/" + std::to_string(process_.pid()) + "/fd");
    const auto is_used = [&](rlim_t number) {
      return exists(symlink_status(directory / std::to_string(number)));
    };
    rlim_t most = 0;
    for (unsigned found = 0; found < free || is_used(most); ++most)
      found += is_used(most) ? 0U : 1U;
    limit_descriptors(most);
  }

  void limit_descriptors(rlim_t most) {
    const rlimit limit{most, 20'000};
    BOOST_REQUIRE(::prlimit(process_.pid(), RLIMIT_NOFILE, &limit, nullptr) == 0);
  }

  // How many connections had failed.
  int end() {
    server_.stop();
    process_.join();
    return process_.exitcode().value();
  }

 private:
  void run() {
    server_.run();
    std::exit(static_cast<int>(server_.statistics().failed));
  }

  ForkServer server_;
  Process process_;
};

double processor_time_of_children() {
  rusage children{};
  ::getrusage(RUSAGE_CHILDREN, &children);
  return static_cast<double>(children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

BOOST_AUTO_TEST_CASE(where_accept_finds_no_descriptor_it_pauses_and_goes_on) {
  const double before = processor_time_of_children();
  ServingElsewhere serving;
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_REQUIRE(eventually([&] { return serving.children() == 0; }));
  serving.leave_free_descriptors(0);
  auto client = serving.client();
  BOOST_TEST(!client.hears(600));
  serving.limit_descriptors(1024);
  BOOST_TEST(answer(std::move(client), "end") == "bye\n");
  BOOST_TEST(serving.end() == 0);
  BOOST_TEST(processor_time_of_children() - before < 0.3);
}

// The last of those that are accepted gets a descriptor for its socket, and none for its process.
BOOST_AUTO_TEST_CASE(a_connection_without_room_for_its_process_is_held_and_served_once) {
  const double before = processor_time_of_children();
  ServingElsewhere serving;
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_REQUIRE(eventually([&] { return serving.children() == 0; }));
  serving.leave_free_descriptors(6);
  std::list<StreamClient> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(serving.client());
  std::this_thread::sleep_for(600ms);
  std::size_t greeted = 0;
  for (auto& client : clients) greeted += client.hears(0) ? 1U : 0U;
  BOOST_TEST(greeted >= 1);
  BOOST_TEST(greeted < 8);
  while (!clients.empty()) {
    BOOST_TEST(answer(std::move(clients.front()), "end") == "bye\n");
    clients.pop_front();
  }
  BOOST_TEST(serving.end() == 0);
  BOOST_TEST(processor_time_of_children() - before < 0.3);
}

BOOST_AUTO_TEST_CASE(a_connection_that_gets_no_process_for_a_second_is_closed_and_counted) {
  ServingElsewhere serving;
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_REQUIRE(eventually([&] { return serving.children() == 0; }));
  serving.leave_free_descriptors(1);
  BOOST_TEST(serving.client().rest().empty());
  serving.limit_descriptors(1024);
  BOOST_TEST(answer(serving.client(), "end") == "bye\n");
  BOOST_TEST(serving.end() == 1);
}

#endif

}  // namespace fork_server_test
