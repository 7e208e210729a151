// A client of a server on a stream socket, for tests that serve in the same process. No wait is
// longer than 20 seconds: what has not come by then throws.
#pragma once

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace ream::test {

// A forked child would inherit them, and its own client could not hang up: it closes them.
class OpenClients {
 public:
  static void add(int fd) {
    static const int watching = ::pthread_atfork(nullptr, nullptr, close_all);
    const std::lock_guard lock(mutex);
    if (watching == 0) fds.insert(fd);
  }
  static void remove(int fd) {
    const std::lock_guard lock(mutex);
    fds.erase(fd);
  }

 private:
  static void close_all() {
    for (const int fd : fds) ::close(fd);
  }
  static inline std::mutex mutex;
  static inline std::set<int> fds;
};

class StreamClient {
 public:
  // `endpoint` is one of Boost.Asio's, or a std::variant of such. It is connected when this
  // returns, perhaps not accepted yet. Throws std::system_error where it is refused.
  template <class Endpoint>
  explicit StreamClient(const Endpoint& endpoint)
      : fd_(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    OpenClients::add(fd_);
    if (::connect(fd_, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0) return;
    const int error_number = errno;
    hang_up();
    throw std::system_error(error_number, std::generic_category(), "connect");
  }
  template <class... Endpoints>
  explicit StreamClient(const std::variant<Endpoints...>& endpoint)
      : StreamClient(std::visit([](const auto& known) { return StreamClient(known); }, endpoint)) {}

  StreamClient(StreamClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}
  StreamClient& operator=(StreamClient&&) = delete;
  ~StreamClient() { hang_up(); }

  int fd() const noexcept { return fd_; }

  void hang_up() noexcept {
    if (fd_ < 0) return;
    OpenClients::remove(fd_);
    ::close(std::exchange(fd_, -1));
  }

  void say(std::string_view text) {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) < 0) {
      throw std::system_error(errno, std::generic_category(), "send");
    }
  }

  // Without its end; what is left at the end of the stream is a line too.
  std::string line() {
    while (unread_.find('\n') == std::string::npos && read_some()) {
    }
    const auto end = unread_.find('\n');
    std::string found = unread_.substr(0, end);
    unread_.erase(0, end == std::string::npos ? end : end + 1);
    return found;
  }

  // All up to the end of the stream, however it ends.
  std::string rest() {
    while (read_some()) {
    }
    return std::exchange(unread_, {});
  }

  // Whether anything comes, the end included, within so many milliseconds.
  bool hears(int milliseconds) const {
    pollfd polled{fd_, POLLIN, 0};
    return !unread_.empty() || ::poll(&polled, 1, milliseconds) > 0;
  }

 private:
  bool read_some() {
    if (pollfd polled{fd_, POLLIN, 0}; ::poll(&polled, 1, 20'000) <= 0) {
      throw std::system_error(ETIMEDOUT, std::generic_category(), "read");
    }
    char piece[512];
    const auto got = ::recv(fd_, piece, sizeof piece, 0);
    if (got > 0) unread_.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }

  int fd_;
  std::string unread_;
};

}  // namespace ream::test
