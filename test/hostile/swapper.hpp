// Somebody who swaps a directory for a link to the outside, and back, as fast as he can.
#pragma once

#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>
#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <string>

#include "support/children.hpp"
#include "support/forked_program.hpp"

namespace ream::test {

class Swapper {
 public:
  // Begins once there is something that `pattern` (glob) fits. Swaps that, or `entry` where one is
  // given, for what is at `link`.
  Swapper(std::string pattern, boost::filesystem::path link, boost::filesystem::path entry = {})
      : pattern_(std::move(pattern)),
        link_(std::move(link)),
        entry_(std::move(entry)),
        process_([this] { run(); }) {}

  // Two for each time that it was a link.
  std::uint64_t swaps() const { return *swaps_; }

  // Puts everything back where it was, if that is still there.
  void stop() {
    stopped_.open();
    process_.wait();
  }

 private:
  void run() const {
    boost::filesystem::path found;
    while (found.empty() && !stopped_.is_open()) found = first_match();
    if (found.empty()) return;
    const auto entry = entry_.empty() ? found : entry_;
    const int parent = ::open(entry.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    const auto name = entry.filename();
    while (!stopped_.is_open()) *swaps_ += swap(parent, name.c_str());
    if (*swaps_ % 2 == 1) swap(parent, name.c_str());
  }

  bool swap(int parent, const char* name) const {
    return ::renameat2(parent, name, AT_FDCWD, link_.c_str(), RENAME_EXCHANGE) == 0;
  }

  boost::filesystem::path first_match() const {
    glob_t found{};
    const bool any = ::glob(pattern_.c_str(), GLOB_NOSORT, nullptr, &found) == 0;
    const boost::filesystem::path first = any ? found.gl_pathv[0] : "";
    ::globfree(&found);
    return first;
  }

  std::string pattern_;
  boost::filesystem::path link_;
  boost::filesystem::path entry_;
  Shared<std::atomic<std::uint64_t>> swaps_;
  Gate stopped_;
  ForkedProgram process_;  // the last: it runs with the others
};

}  // namespace ream::test
