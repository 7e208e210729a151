#include "os/token_pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/errors.hpp"

namespace ream::os {

namespace {

enum class End { read, write };

bool is_end(int fd, End end) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return false;
  const int access = flags & O_ACCMODE;
  return access == O_RDWR || access == (end == End::read ? O_RDONLY : O_WRONLY);
}

std::optional<struct stat> status_of_fifo(int fd) {
  struct stat found {};
  if (::fstat(fd, &found) != 0 || !S_ISFIFO(found.st_mode)) return std::nullopt;
  return found;
}

bool are_ends_of_one_fifo(int read, int write) {
  const auto from = status_of_fifo(read);
  const auto to = status_of_fifo(write);
  return from && to && from->st_dev == to->st_dev && from->st_ino == to->st_ino &&
         is_end(read, End::read) && is_end(write, End::write);
}

// Empty: errno says why.
Fd try_to_open_end(const std::string& path, int access) {
  const int flags = access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  return Fd(retry_on_eintr([&] { return ::open(path.c_str(), flags); }));
}

Fd open_end(const std::string& path, int access) {
  auto fd = try_to_open_end(path, access);
  if (!fd) throw_errno(Operation::open, path);
  return fd;
}

std::string path_of(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

}  // namespace

std::optional<char> TokenPipe::take() noexcept {
  char token = 0;
  const auto got = retry_on_eintr([&] { return ::read(read_.get(), &token, 1); });
  if (got == 1) return token;
  const bool none_now = got < 0 && errno == EAGAIN;
  if (!none_now) read_.reset();  // else poll() would tell of its end for ever
  return std::nullopt;
}

// There is room for what was taken out, so this does not wait either.
void TokenPipe::put_back(char token) noexcept {
  retry_on_eintr([&] { return ::write(write_.get(), &token, 1); });
}

std::optional<TokenPipe> open_token_pipe(int read, int write) {
  if (!are_ends_of_one_fifo(read, write)) return std::nullopt;
  Fd own_read = open_end(path_of(read), O_RDONLY);
  return TokenPipe(std::move(own_read), open_end(path_of(write), O_WRONLY));
}

std::optional<TokenPipe> open_token_pipe(const std::string& path) {
  Fd read = try_to_open_end(path, O_RDONLY);
  if (!read && errno == ENOENT) return std::nullopt;  // of a make that has ended
  if (!read) throw_errno(Operation::open, path);
  if (!status_of_fifo(read.get())) return std::nullopt;
  return TokenPipe(std::move(read), open_end(path, O_WRONLY));
}

}  // namespace ream::os
