#define BOOST_TEST_MODULE fork_server_crowd
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <boost/test/unit_test.hpp>
#include <list>

#include "ream/fork_server.hpp"
#include "ream/process.hpp"
#include "support/run_program.hpp"
#include "support/stream_client.hpp"

using namespace ream;
using namespace std::chrono_literals;
using test::StreamClient;

namespace {

constexpr int crowd = 1000;

// Tells its pid, so that a client can have it killed, and says back what it is told.
void echo(ForkServer::Socket& client) {
  boost::system::error_code gone;
  std::string text = std::to_string(::getpid()) + "\n";
  boost::asio::write(client, boost::asio::buffer(text), gone);
  text.clear();
  boost::asio::read_until(client, boost::asio::dynamic_buffer(text), '\n', gone);
  boost::asio::write(client, boost::asio::buffer(text), gone);
}

// 100 never speak, 100 hang up at once and 50 get their child killed, spread over all.
enum class Kind { speaks, is_silent, hangs_up, has_its_child_killed };
Kind kind_of(int number) {
  if (number % 10 == 3) return Kind::is_silent;
  if (number % 10 == 7) return Kind::hangs_up;
  if (number % 20 == 9) return Kind::has_its_child_killed;
  return Kind::speaks;
}

struct Visitor {
  Kind kind;
  StreamClient client;
  bool greeted = false;
  bool over = false;
  std::string last_words = {};

  void hear() {
    const auto line = client.line();
    if (greeted) return end(line);
    greeted = true;
    if (kind == Kind::speaks) client.say("how do you do\n");
    if (kind == Kind::has_its_child_killed && !line.empty()) ::kill(std::stoi(line), SIGKILL);
  }
  void end(const std::string& line) {
    last_words = line;
    over = true;
    client.hang_up();
  }
};

std::list<Visitor> gather(const ForkServer& server) {
  std::list<Visitor> visitors;
  for (int number = 0; number < crowd; ++number) {
    auto& visitor =
        visitors.emplace_back(Visitor{kind_of(number), StreamClient(server.local_endpoint())});
    if (visitor.kind == Kind::hangs_up) visitor.end("");
  }
  return visitors;
}

// Until all have seen the end of their connection.
void attend(std::list<Visitor>& visitors) {
  while (true) {
    std::vector<Visitor*> present;
    std::vector<pollfd> polled;
    for (auto& visitor : visitors) {
      if (visitor.over) continue;
      present.push_back(&visitor);
      polled.push_back({visitor.client.fd(), POLLIN, 0});
    }
    if (present.empty()) return;
    BOOST_REQUIRE(::poll(polled.data(), polled.size(), 60'000) > 0);
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (polled[i].revents != 0) present[i]->hear();
    }
  }
}

std::size_t descriptors_of(int pid) {
  namespace fs = boost::filesystem;
  const auto path = "/proc/" + std::to_string(pid) + "/fd";
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

// Zombies too.
std::string children_of(int pid) {
  const auto number = std::to_string(pid);
  boost::filesystem::ifstream file("/proc/" + number + "/task/" + number + "/children");
  std::string children;
  std::getline(file, children);
  return children;
}

void allow_descriptors(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_crowd_with_some_that_misbehave_is_served_and_leaves_nothing_behind) {
  ForkServerOptions options;
  options.max_children = 200;
  // Silent clients must not keep all places for ever; nobody else needs so long.
  options.connection_timeout = 4s;
  ForkServer server(echo, options);
  Process process([&] {
    server.run();
    const auto end = server.statistics();
    std::exit(end.accepted == crowd + 1 && end.active == 0 && end.failed == 150 ? 0 : 1);
  });
  process.start();
  allow_descriptors(crowd + 100);
  StreamClient(server.local_endpoint()).line();  // it is up and running from here on
  BOOST_TEST(test::eventually([&] { return children_of(process.pid()).empty(); }));
  const auto before = descriptors_of(process.pid());

  auto visitors = gather(server);
  attend(visitors);

  for (const auto& visitor : visitors) {
    BOOST_TEST(visitor.last_words == (visitor.kind == Kind::speaks ? "how do you do" : ""));
  }
  BOOST_TEST(test::eventually([&] { return children_of(process.pid()).empty(); }));
  BOOST_TEST(test::eventually([&] { return descriptors_of(process.pid()) == before; }));
  server.stop();
  process.join();
  BOOST_TEST(process.exitcode().value() == 0);
}
