// A function run in a process of its own: what Python's multiprocessing.Process is, for C++.
//
//   ream::Process process(work, 2, "x");    // work(2, "x") will run in a child
//   process.start();                        // returns at once
//   process.join();                         // returns when the child has ended
//   if (process.exitcode() != 0) report(process.exit_status()->to_string(), process.error());
//
// A subclass overrides run() instead, and keeps what it needs in members:
//
//   struct Counter : ream::Process {
//     void run() override { … }
//   };
//
// The child
//   has its own copy of all memory: what it changes, nobody else sees. It begins with run() and
//   ends when that returns (exit code 0), throws (it prints "Process NAME: what" to standard error
//   and ends with 1), or calls std::exit(code). It never runs its parent's exit handlers and static
//   destructors (but std::quick_exit() runs what the parent gave to std::at_quick_exit()). Those
//   that it set itself run on std::exit(), and so do the thread_local destructors of the thread
//   that forked; at the end of run() none does. Exactly stdout, stderr, cout, cerr and clog are
//   flushed before the fork and at its end, so nothing is printed twice.
//   Standard input is /dev/null. Signal handlers are back at their default (those of faults, such
//   as SIGSEGV, stay), ignored signals stay ignored, and the mask is that of the thread that called
//   start(). Only that thread exists in the child: a lock that another holds is never given back in
//   it. (The C library has such a one: the child waits for ever where another thread was just
//   setting an exit handler, as a function-local static with a destructor does.) Threads that the
//   child makes end with its run(), as those of a program do with main().
//
// The end of a Process object
//   joins the child, or ends it where it ends with its parent: see the destructor. Python's does
//   neither. Objects are destroyed in the reverse order of their making, so a daemon that was made
//   after another child ends before that is waited for.
//
// The end of the parent
//   When it ends normally (main returns, std::exit(), an uncaught exception), processes that end
//   with their parent get SIGTERM, and SIGKILL after their `grace`; then all others are joined.
//   When a signal ends it, SIGKILL included, the kernel kills those that end with their parent, and
//   the others go on. (It forgets a child that changes its user or group: see prctl(2).) While a
//   program ends it starts no process: Error. A child that is ended by a signal is such a
//   parent itself.
//
// Errors
//   std::logic_error, with the name of the process, for what can never be right: each function says
//   when. ream::Error (start_process, open, wait) where the system refuses, with EAGAIN where there
//   are too many processes, EMFILE where too many descriptors are open (a process that was started
//   holds one), ENOMEM. Nothing has changed then, and the call may be tried again.
//
// Threads
//   start() may be called from several threads at once, each for its own object. What asks and
//   waits (join, is_alive, exitcode and the like) and what signals (terminate, kill and the like)
//   may run in several threads for the same object; what changes the object itself may not.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "ream/api.hpp"
#include "ream/exit_status.hpp"

namespace ream {

struct ProcessOptions {
  // Empty: "Process-1", "Process-2" and so on, and "Process-2:1" for the first of a child.
  std::string name = {};

  // A daemon ends with its parent and may not have children. Absent: as the calling process.
  std::optional<bool> daemon = {};

  // The two apart, where one is wanted without the other. Absent: as `daemon` says.
  std::optional<bool> ends_with_parent = {};
  std::optional<bool> may_have_children = {};

  // From SIGTERM to SIGKILL, where the end of the parent or the destructor ends it.
  std::chrono::milliseconds grace{1000};
};

class Process;

namespace detail {

class ProcessRecord;

// A callable and its arguments, decay-copied as std::thread does.
class REAM_API Target {
 public:
  virtual ~Target() = default;
  virtual void call() = 0;
};

template <class F, class... Args>
class BoundTarget final : public Target {
 public:
  template <class G, class... Given>
  explicit BoundTarget(G&& function, Given&&... arguments)
      : function_(std::forward<G>(function)), arguments_(std::forward<Given>(arguments)...) {}

  // The arguments stay whole where the callable lets them, so that run() can be called again.
  void call() override {
    if constexpr (std::is_invocable_v<F&, Args&...>) {
      std::apply(function_, arguments_);
    } else {
      std::apply(std::move(function_), std::move(arguments_));
    }
  }

 private:
  F function_;
  std::tuple<Args...> arguments_;
};

template <class F, class... Args>
std::unique_ptr<Target> bind_target(F&& function, Args&&... arguments) {
  return std::make_unique<BoundTarget<std::decay_t<F>, std::decay_t<Args>...>>(
      std::forward<F>(function), std::forward<Args>(arguments)...);
}

// The clock's last point where the sum is farther than the clock goes.
template <class Rep, class Period>
std::chrono::steady_clock::time_point point_after(
    std::chrono::duration<Rep, Period> duration,
    std::chrono::steady_clock::time_point from = std::chrono::steady_clock::now()) {
  using Clock = std::chrono::steady_clock;
  constexpr auto last = Clock::time_point::max();
  if (duration <= duration.zero()) return from;
  if (std::chrono::duration<double>(duration) >= last - from) return last;
  return from + std::chrono::ceil<Clock::duration>(duration);
}

template <class T, class Base>
concept SubclassOf = std::derived_from<T, Base> && !std::same_as<T, Base>;

template <class F, class... Args>
concept TargetOf = !std::same_as<std::remove_cvref_t<F>, ProcessOptions> &&
                   !std::derived_from<std::remove_cvref_t<F>, Process> &&
                   std::invocable<std::decay_t<F>, std::decay_t<Args>...>;

}  // namespace detail

class REAM_API Process {
 public:
  using Clock = std::chrono::steady_clock;

  // For subclasses: run() does nothing where it is not overridden.
  explicit Process(ProcessOptions options = {});

  // A callable and its arguments, copied or moved here now; the child gets its own copy of them.
  // What it returns is ignored.
  template <class... Args, detail::TargetOf<Args...> F>
  explicit Process(F&& function, Args&&... arguments)
      : Process(ProcessOptions{}, std::forward<F>(function), std::forward<Args>(arguments)...) {}

  template <class... Args, detail::TargetOf<Args...> F>
  Process(ProcessOptions options, F&& function, Args&&... arguments) : Process(std::move(options)) {
    target_ = detail::bind_target(std::forward<F>(function), std::forward<Args>(arguments)...);
  }

  // The one that is moved from can only be destroyed or assigned to. What the one that is assigned
  // to stood for ends as its destructor would end it.
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  // A subclass would lose its run(): keep it in a std::unique_ptr<Process>.
  // (Its own move constructor, where it writes one, says Process(static_cast<Process&&>(other)).)
  template <detail::SubclassOf<Process> Subclass>
  Process(Subclass&&) = delete;
  template <detail::SubclassOf<Process> Subclass>
  Process& operator=(Subclass&&) = delete;

  // Joins it, as std::jthread does; one that ends with its parent gets SIGTERM, its grace, SIGKILL,
  // and is reaped. In another process than the one that made it nothing is done.
  virtual ~Process();

  // What the child does: by default it calls the callable. Called directly, it runs in the caller.
  virtual void run();

  // Forks the child and returns at once. logic_error: it was started before or closed, this is
  // another process than the one that made it, or the calling process may not have children.
  //
  // One that ends with its parent hangs on the calling process, not on the calling thread, which
  // may end. The kernel goes by threads, so what another thread than the main one starts is forked
  // by a thread that the library keeps for that. The child then has that thread's thread-local
  // variables, affinity and the like, and the stack of the calling thread is free for new threads
  // in it: what run() refers to must not lie there. Where the object itself lies there, the calling
  // thread forks: it must not be moved to where it outlives that thread. (pthread_exit() in the
  // main thread, and exec in any, ends these children.)
  void start();

  // Waits until the child has ended. logic_error: not started, closed, this is another process than
  // the one that started it, or itself.
  void join();

  // The same, but no longer than that: false where it still runs.
  bool join_until(Clock::time_point until);
  template <class Rep, class Period>
  bool join_for(std::chrono::duration<Rep, Period> duration) {
    return join_until(detail::point_after(duration));
  }

  // False before start() too. True in the child itself. logic_error: closed, or this is another
  // process than the one that made it.
  bool is_alive() const;

  // Send SIGINT, SIGTERM, SIGKILL; nothing happens to a child that has ended. It may need a moment
  // to end, so is_alive() may be true just after. logic_error: as join().
  void interrupt();
  void terminate();
  void kill();

  // SIGTERM, and SIGKILL to a child that has not ended after `grace`; returns when it has ended.
  // True: SIGTERM was enough. logic_error: as join().
  bool terminate_or_kill(std::chrono::milliseconds grace);

  // Lets go of what it holds. Only name() and daemon() answer from then on. May be called again.
  // logic_error: the child runs, or this is another process than the one that made it.
  void close();

  const std::string& name() const;
  // The child has it too where it was set before start(). logic_error: closed.
  void set_name(std::string name);
  bool daemon() const;
  void set_daemon(bool daemon);  // sets both halves of it. logic_error: started or closed

  // All of the following may be asked by the process that made it and by the child itself.
  // logic_error: another process asks, or it is closed.

  int pid() const;   // of the child, in the child too; 0 before start()
  int ppid() const;  // of the child's parent, as the child sees it; 0 before start()

  // By Python's convention: 0 to 255, and -N where signal N ended it. Empty: not started, it runs,
  // or somebody else took its status.
  std::optional<int> exitcode() const;

  std::optional<ExitStatus> exit_status() const;  // empty: not started, or it runs

  // The what() of the exception that escaped from run(), its first 4,088 bytes, or
  // "unknown exception" for what is no std::exception; empty: there was none, or it runs.
  std::optional<std::string> error() const;

  // A pidfd: a descriptor to poll(), readable once the child has ended. Owned by this object, good
  // until close(). logic_error: as join().
  int sentinel() const;

 protected:
  // In the child, before run(), while all signals are still blocked: the place for signal
  // dispositions that must hold from the first moment on.
  virtual void set_up_signals() {}

  // For a subclass whose starter does not end before the child does: start() forks in the calling
  // thread then, whichever it is, and the kernel ends a child that ends with its parent when that
  // thread ends.
  void fork_in_calling_thread();

  // The child keeps this one of the library's own descriptors, which are closed in it otherwise.
  void keep_descriptor(int fd);

 private:
  void end() noexcept;

  std::unique_ptr<detail::Target> target_;
  std::shared_ptr<detail::ProcessRecord> record_;
};

namespace detail {

REAM_API bool join_all_until(const std::vector<Process*>& processes,
                             Process::Clock::time_point until);

inline Process* address_of(Process& process) {
  return &process;
}
template <class Pointer>
requires requires(Pointer& pointer) {
  { *pointer } -> std::convertible_to<Process&>;
}
Process* address_of(Pointer& pointer) {
  Process& process = *pointer;
  return &process;
}

template <std::ranges::input_range Range>
std::vector<Process*> addresses_of(Range&& processes) {
  std::vector<Process*> addresses;
  for (auto&& process : processes) addresses.push_back(address_of(process));
  return addresses;
}

}  // namespace detail

// The barrier: returns when all of them have ended. A range of Process or of pointers to such,
// plain or smart. Throws what join() throws, before it waits for any.
template <std::ranges::input_range Range>
void join_all(Range&& processes) {
  detail::join_all_until(detail::addresses_of(processes), Process::Clock::time_point::max());
}

// The same, but no longer than that: false where one of them still runs.
template <class Rep, class Period, std::ranges::input_range Range>
bool join_all_for(Range&& processes, std::chrono::duration<Rep, Period> duration) {
  return detail::join_all_until(detail::addresses_of(processes), detail::point_after(duration));
}

struct ChildInfo {
  int pid = 0;
  std::string name;
  bool daemon = false;
};

// The children of the calling process that run, in the order in which they were started.
REAM_API std::vector<ChildInfo> active_children();

// How many processors the calling process may use: its affinity, lowered by the CPU quota of its
// control group, rounded up. At least 1.
REAM_API unsigned cpu_count();

// What runs now: the program itself, or a child of it.
namespace this_process {

REAM_API std::string name();  // "MainProcess" in the program itself
REAM_API int pid() noexcept;
REAM_API int
parent_pid() noexcept;  // whose child it is now: after the end of its parent, another's

}  // namespace this_process

}  // namespace ream
