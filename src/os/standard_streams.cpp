#include "os/standard_streams.hpp"

#include <fcntl.h>
#include <stdio_ext.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <ext/stdio_filebuf.h>
#include <ext/stdio_sync_filebuf.h>
#include <iostream>
#include <typeinfo>

#include "os/errors.hpp"
#include "os/file.hpp"

namespace ream::os {

namespace {

// A look costs less than a flush of nothing, whose lock is written to: around a fork, that copies a
// page in the parent and one in the child.
bool holds_output(std::FILE* stream) noexcept {
  const bool is_wide = stream->_mode > 0;  // it has other pointers then
  return is_wide || stream->_IO_write_ptr != stream->_IO_write_base;
}

bool holds_input(std::FILE* stream) noexcept {
  const bool is_wide = stream->_mode > 0;
  return is_wide || stream->_IO_read_ptr != stream->_IO_read_end;
}

void flush(std::FILE* stream) noexcept {
  if (holds_output(stream)) std::fflush(stream);
}

// What goes through C's streams, as all do before std::ios::sync_with_stdio(false), holds nothing.
bool holds_nothing(const std::streambuf* buffer) {
  return buffer == nullptr || typeid(*buffer) == typeid(__gnu_cxx::stdio_sync_filebuf<char>);
}

void flush(std::ostream& stream) {
  if (!holds_nothing(stream.rdbuf())) stream.flush();
}

void drop_input_of_cin() {
  auto* buffer = std::cin.rdbuf();
  if (holds_nothing(buffer) || typeid(*buffer) != typeid(__gnu_cxx::stdio_filebuf<char>)) return;
  while (buffer->in_avail() > 0) buffer->sbumpc();
}

}  // namespace

void flush_standard_streams() noexcept {
  try {
    flush(std::cout);
    flush(std::clog);
    flush(std::cerr);
  } catch (...) {  // a stream that throws has no place to report to here
  }
  flush(stdout);
  flush(stderr);
}

void drop_output() noexcept {
  for (auto* stream : {stdout, stderr}) {
    if (holds_output(stream)) ::__fpurge(stream);
  }
}

void ensure_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. Readable only, so that writing to it fails as before.
    if (::open("/dev/null", O_RDONLY) < 0) throw_errno(Operation::open, "/dev/null");
  }
}

void empty_standard_input() noexcept {
  ::close(STDIN_FILENO);
  [[maybe_unused]] const int lowest_free = ::open("/dev/null", O_RDONLY);
  // Behind that: cin asks its descriptor for what there is, and would read on.
  drop_input_of_cin();
  if (holds_input(stdin)) ::__fpurge(stdin);
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

bool standard_output_is_terminal() noexcept {
  return ::isatty(STDOUT_FILENO) == 1;
}

unsigned terminal_columns() noexcept {
  winsize size{};
  constexpr unsigned usual = 80;
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual;
}

}  // namespace ream::os
