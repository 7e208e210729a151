// Runs a program from outside, as a shell would, and tells how it ended and what it said.
//
//   const Ended ended = run_ream({"generate", "--count", "3", "out"}, {.directory = scratch});
//   BOOST_TEST(ended.exit_code == 0);
//   BOOST_TEST(ended.out == "info1\ninfo2\ninfo3\n");
//
// No test hangs: past the timeout the program's whole process group is killed, and run() throws. No
// test leaves processes behind either: what is still in the group dies with the Running object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ream::test {

// What a standard stream is connected to.
struct Nothing {};  // standard input: /dev/null
struct Text {       // standard input: a pipe that brings this
  std::string text;
};
struct File {  // standard input or output: this file ("/dev/full", say)
  std::string path;
};
struct Captured {};    // output: into Ended
struct Terminal {};    // output: a terminal, captured too ("\n" reads "\r\n")
struct BrokenPipe {};  // output: a pipe whose reader has gone
struct Closed {};      // no descriptor at all

using Input = std::variant<Nothing, Text, File, Closed>;
using Output = std::variant<Captured, File, Terminal, BrokenPipe, Closed>;

struct RunOptions {
  Input in = {};
  Output out = {};
  Output err = {};
  std::string directory = {};                                          // to run in; empty: this one
  std::map<std::string, std::optional<std::string>> environment = {};  // changes; no value: unset
  std::function<void()> before_exec = {};  // in the child: limits, umask, another user
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
};

struct Ended {
  int exit_code = -1;  // -1 where a signal ended it
  int signal = 0;      // that signal
  std::string out;
  std::string err;
};

class Running {
 public:
  // `program` is searched in PATH where it has no slash. Where it cannot be started, it ends with
  // 127 and says why on its standard error.
  Running(const std::string& program, const std::vector<std::string>& arguments,
          const RunOptions& options = {});
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  pid_t pid() const noexcept { return pid_; }
  void send_signal(int signal) noexcept;
  void send_signal_to_group(int signal) noexcept;  // as Ctrl-C in a terminal does
  bool anyone_left() const;                        // who still runs in its process group

  std::string out_so_far();
  std::string err_so_far();

  // Throws std::runtime_error where it does not end within the timeout.
  Ended wait();

 private:
  class Stream;  // our end of one of its standard streams

  bool serve(int timeout_ms);  // moves what can be moved; true once the program has ended
  int reap() noexcept;

  std::string command_;  // for messages
  std::chrono::milliseconds timeout_;
  std::vector<Stream> streams_;  // in, out, err
  pid_t pid_ = -1;
  int pidfd_ = -1;
  bool reaped_ = false;
};

inline Ended run(const std::string& program, const std::vector<std::string>& arguments,
                 const RunOptions& options = {}) {
  return Running(program, arguments, options).wait();
}

// True as soon as `condition` holds; false where it does not within the timeout.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds timeout = std::chrono::seconds(20));

// Takes out of the environment what ream goes by: else a program that a test starts would go by the
// make that runs the tests, and by who runs that.
void forget_what_steers_ream() noexcept;

// What a file holds, wherever its offset stands.
std::string everything_in(int file);

#ifdef REAM_PROGRAM
// The built program.
inline Ended run_ream(const std::vector<std::string>& arguments, const RunOptions& options = {}) {
  return run(REAM_PROGRAM, arguments, options);
}
#endif

}  // namespace ream::test
