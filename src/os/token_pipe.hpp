// A FIFO that holds tokens, a byte each, for all who have it open. It is opened again for this
// process alone: what is set for the descriptors of others stays as it is, and a read never waits.
#pragma once

#include <optional>
#include <string>

#include "os/private_fd.hpp"

namespace ream::os {

class TokenPipe {
 public:
  TokenPipe(Fd read, Fd write) noexcept : read_(std::move(read)), write_(std::move(write)) {}

  // A token, where there is one that nobody else is quicker to take.
  std::optional<char> take() noexcept;
  void put_back(char token) noexcept;

  // For poll(): readable when there may be a token; -1 where nobody is left to put one in.
  int descriptor() const noexcept { return read_.get(); }

 private:
  PrivateFd read_;
  PrivateFd write_;
};

// By the numbers of its two ends in this process. Empty where these are anything else: closed,
// other files, or the wrong way round. Throws Error (open) where the FIFO cannot be opened again.
std::optional<TokenPipe> open_token_pipe(int read, int write);

// By its name. Empty where that is no FIFO's. Throws Error (open).
std::optional<TokenPipe> open_token_pipe(const std::string& path);

}  // namespace ream::os
