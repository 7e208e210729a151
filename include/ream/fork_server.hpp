// A server that gives each connection a process of its own: what Python's socketserver.ForkingMixIn
// is, for C++, on Boost.Asio's sockets.
//
//   #include <boost/asio/write.hpp>
//
//   ream::ForkServer server([](ream::ForkServer::Socket& client) {   // runs in a child process
//     boost::asio::write(client, boost::asio::buffer("hello\n", 6));
//   });
//   std::cout << std::get<boost::asio::ip::tcp::endpoint>(server.local_endpoint()) << '\n';
//   server.run();                                                    // until server.stop()
//
// The server
//   listens from its construction on. run() accepts connections and forks a ream::Process for each,
//   which ends with the server's process. At `max_children` it stops accepting: those that are
//   served go on, and further clients wait in the system's queue, `backlog` long. Where descriptors
//   or memory run out (EMFILE, ENFILE and the like) it pauses, until a child has ended or 50 ms
//   have passed, and goes on; a connection that was accepted and cannot be given a process is held
//   meanwhile, and closed and counted as failed after a second of that.
//
// The handler
//   gets the connected socket and has it for itself: the parent has closed its copy, and the child
//   the listener. How it ends is no business of other connections: an exception is told on standard
//   error ("Process connection 12: what"), an exception or a crash ends its connection alone and is
//   counted. Behind the handler the socket is shut down for sending; it is closed with the end of
//   the child. The rest of what a child is stands in ream/process.hpp; it may have children itself;
//   and SIGINT is ignored in it, since a Ctrl-C goes to the server's children too and would cut off
//   what stop() lets end.
//   Writing by Boost.Asio to a client that has gone is an error (EPIPE, ECONNRESET), but by write()
//   on the descriptor it is SIGPIPE, which ends the child unless the program ignores that signal.
//   The socket's io_context is the child's own, and run by nobody: for asynchronous operations the
//   handler runs it, as static_cast<boost::asio::io_context&>(client.get_executor().context()).
//
// The end
//   stop() ends the accepting: the listener is closed, clients in the queue are turned away. With
//   `block_on_close` run() then waits for the connections that are served; without, they are ended:
//   SIGTERM, and SIGKILL after `grace`. Either way, and where run() throws too, no process is left
//   when it returns.
//
// Unix-domain sockets
//   A file that is there already is an error (EADDRINUSE), even one that a killed server has left:
//   who knows that nobody uses it removes it before. The server removes its own file when it stops
//   listening, in the process that made it, and only where the file is still the one it made. A
//   path that begins with a zero byte is a name without a file; without a path the system gives
//   such a name.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>

#include "ream/api.hpp"

namespace ream {

struct ForkServerOptions {
  using Endpoint =
      std::variant<boost::asio::ip::tcp::endpoint, boost::asio::local::stream_protocol::endpoint>;

  // Port 0: a free one, which local_endpoint() tells.
  Endpoint endpoint = boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0);

  // How many clients may wait to be accepted; the system has a limit of its own
  // (net.core.somaxconn).
  int backlog = boost::asio::socket_base::max_listen_connections;

  // Connections that are served at once, at least 1. Each takes one of the parent's descriptors.
  unsigned max_children = 40;

  // A child that serves longer than that gets SIGTERM, and SIGKILL after `grace`. 0: it may take as
  // long as it likes.
  std::chrono::milliseconds connection_timeout{0};

  // Whether run() lets the connections end that are served when the server is stopped.
  bool block_on_close = true;

  std::chrono::milliseconds grace{1000};
};

struct ForkServerStatistics {
  std::uint64_t accepted = 0;  // connections so far
  std::uint64_t active = 0;    // of them, those that are served now
  std::uint64_t peak = 0;      // the most that ever were active at once
  // Those whose process could not be started or ended otherwise than with exit code 0, ended by the
  // server included. Where the program ignores SIGCHLD, or waits for any child, nobody can tell how
  // a process ended, and it counts as failed.
  std::uint64_t failed = 0;
};

class REAM_API ForkServer {
 public:
  using Endpoint = ForkServerOptions::Endpoint;
  using Socket = boost::asio::generic::stream_protocol::socket;
  using Handler = std::function<void(Socket&)>;

  // Listens. Error (listen, with the address for its path; open, where there is no descriptor);
  // std::invalid_argument: no handler, or a max_children of 0.
  explicit ForkServer(Handler handler, const ForkServerOptions& options = {});

  // Not while run() runs in another thread.
  ~ForkServer();
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  // Where it listens, or did: with the port that the system chose.
  const Endpoint& local_endpoint() const noexcept;

  // Serves until stop(), at once where that was called before. Once for each object, in any thread,
  // or in a process forked from the one that made it: stop() reaches it there. logic_error: it ran
  // before, or the calling process may not have children. Error (accept, wait) where the system
  // fails in a way that waiting does not help.
  void run();

  // From any thread, and from a signal handler. In the children it does nothing.
  void stop() noexcept;

  // From any thread; of the calling process. When `active` is 0, `failed` speaks of all `accepted`.
  ForkServerStatistics statistics() const noexcept;

 private:
  class REAM_HIDDEN Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace ream
