#include "os/standard_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "os/errors.hpp"
#include "os/file.hpp"

namespace ream::os {

namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;
constexpr char name[] = "standard input";

std::size_t copy_to_end(int from, int to) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(piece_size);
  std::size_t copied = 0;
  while (true) {
    const auto got = retry_on_eintr([&] { return ::read(from, buffer.get(), piece_size); });
    if (got < 0) throw_errno(Operation::read, name);
    if (got == 0) return copied;
    if (!write_all(to, {buffer.get(), static_cast<std::size_t>(got)})) {
      throw_errno(Operation::write, "temporary copy of standard input");
    }
    copied += static_cast<std::size_t>(got);
  }
}

}  // namespace

StandardInput open_standard_input() {
  Fd input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!input) throw_errno(Operation::open, name);
  const auto found = status(input.get());
  if (!found) throw_errno(Operation::inspect, name);
  if (is_regular(*found)) {
    const auto offset = ::lseek(input.get(), 0, SEEK_CUR);
    if (offset < 0) throw_errno(Operation::read, name);
    return {std::move(input), found->size, static_cast<std::size_t>(offset)};
  }
  Fd copy = unlinked_temporary();
  const auto size = copy_to_end(input.get(), copy.get());
  return {std::move(copy), size, 0};
}

}  // namespace ream::os
