// What the calling process knows of its children. Each process has one of its own: a child begins
// without, and makes one when it needs it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "os/process.hpp"
#include "os/signals.hpp"
#include "process/forking_thread.hpp"
#include "process/record.hpp"

namespace ream::detail {

class Registry {
 public:
  using RecordPointer = std::shared_ptr<ProcessRecord>;

  static Registry& of_this_process();
  static Registry* of_this_process_if_any() noexcept;

  RecordPointer make_record(ProcessOptions options);

  // What a child does: between its first instruction and its run(), and run() itself.
  struct ChildBody {
    std::function<void()> set_up_signals;
    std::function<void()> run;
  };
  // Forks, and keeps the record from then on. Where it throws, nothing has changed.
  void start(const RecordPointer& record, const ChildBody& body);

  // Whether it has ended; it is reaped then.
  bool has_ended(ProcessRecord& record);
  // The same, after a wait for its end.
  bool wait(ProcessRecord& record, os::Clock::time_point until);
  void signal(ProcessRecord& record, int number);
  int sentinel(ProcessRecord& record);

  // SIGTERM, and SIGKILL to what runs on after its grace. True: SIGTERM was enough.
  bool terminate_or_kill(ProcessRecord& record, std::chrono::milliseconds grace);

  // Lets go of the descriptors of a child that has ended.
  void release(ProcessRecord& record);

  std::vector<RecordPointer> running();

  // What a process does for its children before it ends: SIGTERM, grace and SIGKILL for those that
  // end with it, and a wait for all.
  void end_children() noexcept;

 private:
  explicit Registry(const Registry* parents) noexcept : parents_(parents) {}

  [[noreturn]] void be_child(const ProcessRecord& record, const os::BlockedSignals& blocked,
                             const ChildBody& body) const;
  void adopt(ProcessRecord& record, os::Forked forked);
  void settle(ProcessRecord& record, const ExitStatus& status);
  void forget(ProcessRecord& record) noexcept;
  os::Forked fork(const ProcessRecord& record, const std::function<void()>& child);
  void kill_after(ProcessRecord& record, os::Clock::time_point start);
  void set_ending(bool ending);
  bool is_settled(const ProcessRecord& record);
  bool reap_if_ended(ProcessRecord& record);

  const pid_t owner_ = os::current_pid();
  [[maybe_unused]] const Registry* const parents_;  // still reachable: it is no leak
  std::atomic<unsigned> made_{0};

  std::mutex mutex_;                    // held over a fork, so that a child finds all in order
  std::vector<RecordPointer> records_;  // in the order of their start, until they are released
  ErrorSlots error_slots_;
  bool ending_ = false;
  std::unique_ptr<ForkingThread> forking_thread_;  // made when it is needed
};

}  // namespace ream::detail
