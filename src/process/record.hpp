// What is known of one process from its making to its end: what a ream::Process stands for.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "os/process.hpp"
#include "process/error_slots.hpp"
#include "ream/exit_status.hpp"
#include "ream/process.hpp"

namespace ream::detail {

class ProcessRecord {
 public:
  enum class State { made, started, closed };

  ProcessRecord(ProcessOptions options, std::string identity, bool daemon_by_default);
  ProcessRecord(const ProcessRecord&) = delete;
  ProcessRecord& operator=(const ProcessRecord&) = delete;

  // What start() needs to know, and the child inherits.
  std::string name;
  std::string identity;  // "2:1" for the first child of the second child
  bool daemon;
  bool ends_with_parent;
  bool may_have_children;
  std::chrono::milliseconds grace;
  bool forks_in_calling_thread = false;
  int kept_descriptor = -1;  // the only private one that the child keeps
  pid_t creator;
  State state = State::made;
  pid_t pid = 0;  // of the child, as its parent knows it

  // The rest is for the registry, under its lock.
  os::PrivateFd pidfd;              // as the parent holds it
  ErrorSlot* error_slot = nullptr;  // until the child is reaped
  std::optional<ExitStatus> status;
  std::optional<std::string> error;

  void set_daemon(bool value);
};

}  // namespace ream::detail
