#include "os/standard_streams.hpp"

#include <fcntl.h>
#include <stdio_ext.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "os/errors.hpp"
#include "os/file.hpp"

namespace ream::os {

void ensure_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. Readable only, so that writing to it fails as before.
    if (::open("/dev/null", O_RDONLY) < 0) throw_errno(Operation::open, "/dev/null");
  }
}

void empty_standard_input() noexcept {
  ::__fpurge(stdin);
  ::close(STDIN_FILENO);
  [[maybe_unused]] const int lowest_free = ::open("/dev/null", O_RDONLY);
}

void write_standard_output(std::string_view bytes) {
  if (!write_all(STDOUT_FILENO, bytes)) throw_errno(Operation::write, "standard output");
}

void write_standard_error(std::string_view bytes) noexcept {
  [[maybe_unused]] const bool written = write_all(STDERR_FILENO, bytes);
}

bool standard_error_is_terminal() noexcept {
  return ::isatty(STDERR_FILENO) == 1;
}

unsigned terminal_columns() noexcept {
  winsize size{};
  constexpr unsigned usual = 80;
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual;
}

}  // namespace ream::os
