// A line on the terminal that is written over and over.
#pragma once

#include <string>

namespace ream::cli {

class StatusLine {
 public:
  StatusLine() = default;
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void show(std::string text);
  void clear() noexcept;  // before anything else is written to the terminal

 private:
  bool shown_ = false;
};

}  // namespace ream::cli
