#include "os/sockets.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "os/errors.hpp"

namespace ream::os {

namespace {

bool is_shortage(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

// These speak of the listener itself. All others speak of one connection that came to nothing, or
// of the network: accept(2) says to take them like EAGAIN.
bool is_mistake(int error_number) {
  return error_number == EBADF || error_number == EINVAL || error_number == ENOTSOCK ||
         error_number == EFAULT || error_number == ENOSYS;
}

PrivateFd accept_if_any(int listener) {
  const auto lock = lock_private_descriptors();
  const auto accept = [&] { return ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC); };
  return {Fd(retry_on_eintr(accept)), lock};
}

}  // namespace

Fd open_stream_socket(int family, int protocol) {
  Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  if (!fd) throw_errno(Operation::open, "socket");
  return fd;
}

Accepted accept_connection(int listener, std::string_view address) {
  auto fd = accept_if_any(listener);
  if (fd) return fd;
  if (is_shortage(errno)) return NoRoom{};
  if (is_mistake(errno)) throw_errno(Operation::accept, address);
  return NobodyWaits{};
}

SocketFile::SocketFile(std::string path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  path_ = std::move(path);
  owner_ = ::getpid();
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

SocketFile::SocketFile(SocketFile&& other) noexcept {
  *this = std::move(other);
}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  owner_ = other.owner_;
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

void SocketFile::remove() noexcept {
  const auto path = std::exchange(path_, {});
  if (path.empty() || owner_ != ::getpid()) return;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (status.st_dev == device_ && status.st_ino == inode_) ::unlink(path.c_str());
}

}  // namespace ream::os
