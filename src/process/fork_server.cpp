#include "ream/fork_server.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "os/event.hpp"
#include "process/connection.hpp"
#include "process/listener.hpp"
#include "ream/error.hpp"

namespace ream {

namespace {

using detail::Connection;
using detail::Listener;
using os::Clock;

// Where something runs out: long enough to be no load, short enough not to be felt.
constexpr std::chrono::milliseconds pause_length{50};
constexpr int most_attempts_to_start = 20;

// Written by the thread that runs the server, read by any. The order of writes is what keeps the
// promise of statistics(): a connection is active before it is accepted, and failed before it is
// not active any more.
class Counters {
 public:
  std::uint64_t add_accepted() {
    const auto active = ++active_;
    if (active > peak_) peak_ = active;
    return ++accepted_;
  }

  void add_ended(bool well) {
    if (!well) ++failed_;
    --active_;
  }

  ForkServerStatistics read() const {
    ForkServerStatistics now;
    now.accepted = accepted_;
    now.active = active_;
    now.peak = peak_;
    now.failed = failed_;
    return now;
  }

 private:
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> active_{0};
  std::atomic<std::uint64_t> peak_{0};
  std::atomic<std::uint64_t> failed_{0};
};

const ForkServerOptions& checked(const ForkServerOptions& options,
                                 const ForkServer::Handler& handler) {
  if (!handler) throw std::invalid_argument("server: it has no handler");
  if (options.max_children == 0) throw std::invalid_argument("server: max_children is 0");
  return options;
}

}  // namespace

class ForkServer::Implementation {
 public:
  Implementation(Handler handler, const ForkServerOptions& options);

  const Endpoint& local_endpoint() const noexcept { return listener_.local_endpoint(); }
  void run();
  void stop() noexcept { os::set_event(stop_.get()); }
  ForkServerStatistics statistics() const noexcept { return counters_.read(); }

 private:
  void serve_until_stopped();
  void finish();
  void abandon() noexcept;

  void turn();
  std::vector<int> watched() const;
  Clock::time_point next_deadline() const;
  bool accepts() const;

  void collect_ended(const bool* ready);
  void collect(std::size_t index);
  void end_overdue();
  void accept();
  void start_held();
  void drop_held();
  void pause() { paused_until_ = Clock::now() + pause_length; }
  void end_all();

  void be_child(os::PrivateFd socket);

  const ForkServerOptions options_;
  const Handler handler_;
  os::Fd stop_ = os::make_event();
  Listener listener_;
  Counters counters_;
  bool ran_ = false;
  bool stopped_ = false;
  std::vector<std::unique_ptr<Connection>> connections_;

  // Accepted, but the system has no process for it yet.
  std::unique_ptr<Connection> held_;
  int attempts_to_start_ = 0;
  std::optional<Clock::time_point> paused_until_;
};

ForkServer::Implementation::Implementation(Handler handler, const ForkServerOptions& options)
    : options_(checked(options, handler)),
      handler_(std::move(handler)),
      listener_(options_.endpoint, options_.backlog) {}

void ForkServer::Implementation::run() {
  if (std::exchange(ran_, true)) throw std::logic_error("server: cannot run: it ran before");
  try {
    serve_until_stopped();
    finish();
  } catch (...) {
    abandon();
    throw;
  }
}

void ForkServer::Implementation::serve_until_stopped() {
  while (!stopped_) turn();
  listener_.close();
}

void ForkServer::Implementation::finish() {
  if (!options_.block_on_close) end_all();
  while (held_ || !connections_.empty()) turn();
}

// The destructors end each that end_all() could not.
void ForkServer::Implementation::abandon() noexcept try {
  listener_.close();
  end_all();
} catch (const std::exception&) {
  connections_.clear();
}

// One wait for whatever comes first, and what follows from it.
void ForkServer::Implementation::turn() {
  const auto fds = watched();
  const auto ready = std::make_unique<bool[]>(fds.size());
  os::poll_readable(fds, {ready.get(), fds.size()}, next_deadline());
  stopped_ = stopped_ || ready[0];
  collect_ended(ready.get() + 2);
  end_overdue();
  if (paused_until_) return;
  if (held_) start_held();
  if (ready[1] && !stopped_) accept();
}

// The stop, the listener, and the sentinel of each child.
std::vector<int> ForkServer::Implementation::watched() const {
  std::vector<int> fds;
  fds.reserve(2 + connections_.size());
  fds.push_back(stopped_ ? -1 : stop_.get());
  fds.push_back(accepts() ? listener_.fd() : -1);
  for (const auto& connection : connections_) fds.push_back(connection->sentinel_fd());
  return fds;
}

Clock::time_point ForkServer::Implementation::next_deadline() const {
  auto next = paused_until_.value_or(os::never);
  for (const auto& connection : connections_) next = std::min(next, connection->deadline());
  return next;
}

bool ForkServer::Implementation::accepts() const {
  return !held_ && !paused_until_ && connections_.size() < options_.max_children;
}

// From the last to the first, since collect() fills a gap with the last.
void ForkServer::Implementation::collect_ended(const bool* ready) {
  for (auto i = connections_.size(); i-- > 0;) {
    if (ready[i]) collect(i);
  }
}

void ForkServer::Implementation::collect(std::size_t index) {
  auto& connection = connections_[index];
  const auto status = connection->exit_status();
  if (!status) return;
  connection->close();
  std::swap(connection, connections_.back());
  connections_.pop_back();
  counters_.add_ended(status->success());
  paused_until_.reset();  // it has left room
}

void ForkServer::Implementation::end_overdue() {
  const auto now = Clock::now();
  if (paused_until_ && now >= *paused_until_) paused_until_.reset();
  for (auto& connection : connections_) connection->end_if_overdue(now);
}

void ForkServer::Implementation::accept() {
  auto accepted = listener_.accept();
  if (std::holds_alternative<os::NoRoom>(accepted)) return pause();
  auto* socket = std::get_if<os::PrivateFd>(&accepted);
  if (socket == nullptr) return;
  held_ = std::make_unique<Connection>(
      counters_.add_accepted(), std::move(*socket),
      [this](os::PrivateFd its_socket) { be_child(std::move(its_socket)); },
      Connection::Limits{options_.connection_timeout, options_.grace});
  attempts_to_start_ = 0;
  start_held();
}

void ForkServer::Implementation::start_held() {
  connections_.reserve(connections_.size() + 1);  // nothing can fail behind the fork
  try {
    held_->begin();
  } catch (const Error&) {
    if (++attempts_to_start_ == most_attempts_to_start) drop_held();
    return pause();
  }
  connections_.push_back(std::move(held_));
  if (connections_.back()->sentinel_fd() < 0) collect(connections_.size() - 1);
}

void ForkServer::Implementation::drop_held() {
  if (!held_) return;
  held_.reset();
  counters_.add_ended(false);
}

void ForkServer::Implementation::end_all() {
  drop_held();
  for (auto& connection : connections_) connection->terminate();
  if (!join_all_for(connections_, options_.grace)) {
    for (auto& connection : connections_) connection->kill();
    join_all(connections_);
  }
  while (!connections_.empty()) collect(connections_.size() - 1);
}

// What is the parent's is closed first: a handler may run for long.
void ForkServer::Implementation::be_child(os::PrivateFd fd) {
  listener_.close_copy();
  stop_.reset();
  // The end of the process takes them away: to take them apart costs a tenth of a short connection.
  auto& context = *new boost::asio::io_context(1);
  auto& socket = *new Socket(context, listener_.protocol(), fd.get());
  fd.release().release();
  handler_(socket);
  // Tells the client the end even where a process that the handler has started holds the socket.
  boost::system::error_code gone_already;
  socket.shutdown(Socket::shutdown_send, gone_already);
}

ForkServer::ForkServer(Handler handler, const ForkServerOptions& options)
    : implementation_(std::make_unique<Implementation>(std::move(handler), options)) {}

ForkServer::~ForkServer() = default;

const ForkServer::Endpoint& ForkServer::local_endpoint() const noexcept {
  return implementation_->local_endpoint();
}

void ForkServer::run() {
  implementation_->run();
}

void ForkServer::stop() noexcept {
  implementation_->stop();
}

ForkServerStatistics ForkServer::statistics() const noexcept {
  return implementation_->statistics();
}

}  // namespace ream
