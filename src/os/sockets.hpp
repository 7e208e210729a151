// What Boost.Asio leaves open of listening sockets: descriptors that no exec() inherits, accept()
// where descriptors run out, and the file of a Unix-domain socket.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <variant>

#include "os/private_fd.hpp"

namespace ream::os {

// A stream socket that does not block. Throws Error.
Fd open_stream_socket(int family, int protocol);

struct NobodyWaits {};  // or not any more
struct NoRoom {};       // for one more descriptor, or no memory: to try again later may help
using Accepted = std::variant<PrivateFd, NobodyWaits, NoRoom>;

// A connection, blocking; `listener` is not. `address` is for the message. Throws Error for what
// trying again does not help against.
Accepted accept_connection(int listener, std::string_view address);

// The file of a socket that was just bound. Removes it in the end, in the process that made this
// object, where it still is that file.
class SocketFile {
 public:
  SocketFile() = default;  // none
  explicit SocketFile(std::string path);
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&& other) noexcept;
  ~SocketFile() { remove(); }

  void remove() noexcept;

 private:
  std::string path_;
  pid_t owner_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace ream::os
