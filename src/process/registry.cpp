#include "process/registry.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "process/child_body.hpp"
#include "process/end_of_program.hpp"
#include "process/self.hpp"
#include "ream/error.hpp"

namespace ream::detail {

namespace {

// Never deleted: a process may end its children after the last static destructor has run.
std::atomic<Registry*> current{nullptr};

// What fails for one child is no reason to leave the others.
template <class Action>
void attempt(Action action) noexcept {
  try {
    action();
  } catch (const std::exception&) {
  }
}

// Through std::exit() or at the end of run(): nothing of the parent's comes after this.
[[noreturn]] void end_this_child(int code) {
  if (auto* registry = Registry::of_this_process_if_any()) registry->end_children();
  os::exit_child(code);
}

}  // namespace

Registry* Registry::of_this_process_if_any() noexcept {
  auto* known = current.load();
  return known != nullptr && known->owner_ == os::current_pid() ? known : nullptr;
}

Registry& Registry::of_this_process() {
  auto* known = current.load();
  if (known != nullptr && known->owner_ == os::current_pid()) return *known;
  // The first use in this process: what is known is the parent's, if anything.
  std::unique_ptr<Registry> fresh(new Registry(known));
  if (current.compare_exchange_strong(known, fresh.get())) return *fresh.release();
  return *known;
}

Registry::RecordPointer Registry::make_record(ProcessOptions options) {
  auto identity = std::to_string(++made_);
  const auto* own = own_record();
  if (own != nullptr) identity = own->identity + ":" + identity;
  const bool daemon = own != nullptr && own->daemon;
  return std::make_shared<ProcessRecord>(std::move(options), std::move(identity), daemon);
}

void Registry::start(const RecordPointer& record, const ChildBody& body) {
  os::flush_standard_streams();  // that may take long: not under the lock
  const os::BlockedSignals blocked;
  const std::lock_guard lock(mutex_);
  if (ending_) throw Error(Operation::start_process, record->name, 0, Reason::program_ends);
  end_children_with_the_program();
  records_.push_back(record);  // before the fork: nothing can fail behind it
  try {
    record->error_slot = error_slots_.acquire();
    const auto child = [&] { be_child(*record, blocked, body); };
    adopt(*record, fork(*record, std::ref(child)));
  } catch (...) {
    forget(*record);
    throw;
  }
}

void Registry::adopt(ProcessRecord& record, os::Forked forked) {
  record.state = ProcessRecord::State::started;
  record.pid = forked.pid;
  record.pidfd = std::move(forked.pidfd);
  if (!record.pidfd) settle(record, Lost{});
}

void Registry::settle(ProcessRecord& record, const ExitStatus& status) {
  record.status = status;
  if (status != ExitStatus(Exited{0})) record.error = record.error_slot->take(record.pid);
  error_slots_.release(std::exchange(record.error_slot, nullptr));
}

os::Forked Registry::fork(const ProcessRecord& record, const std::function<void()>& child) {
  if (!record.ends_with_parent || record.forks_in_calling_thread || os::is_main_thread()) {
    return os::fork_process(record.name, child);
  }
  os::Forked forked;
  if (!forking_thread_) forking_thread_ = std::make_unique<ForkingThread>();
  forking_thread_->run([&] { forked = os::fork_process(record.name, child); });
  return forked;
}

// Writes to nothing of its parent's: each page that it wrote to would be copied.
void Registry::be_child(const ProcessRecord& record, const os::BlockedSignals& blocked,
                        const ChildBody& body) const {
  if (record.ends_with_parent && !os::end_with_parent(record.creator, SIGKILL)) {
    os::exit_at_once(1);
  }
  become(record);
  os::close_private_descriptors(record.kept_descriptor);
  os::reset_inherited_handlers();
  os::empty_standard_input();
  os::call_on_exit(end_this_child);
  const auto run = [&] {
    body.set_up_signals();
    blocked.let_through();
    body.run();
  };
  end_this_child(run_guarded(std::ref(run), record.name, *record.error_slot));
}

bool Registry::has_ended(ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  return reap_if_ended(record);
}

bool Registry::reap_if_ended(ProcessRecord& record) {
  if (record.status) return true;
  const auto status = os::try_wait(record.pidfd);
  if (status) settle(record, *status);
  return status.has_value();
}

bool Registry::wait(ProcessRecord& record, os::Clock::time_point until) {
  if (is_settled(record)) return true;
  const int readable = sentinel(record);
  while (os::wait_readable(readable, until)) {
    if (has_ended(record)) return true;
    os::sleep_milliseconds(1);  // it has ended, but a debugger has not let go of it
  }
  return has_ended(record);
}

bool Registry::is_settled(const ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  return record.status.has_value();
}

// Of a child that was gone before there could be a pidfd: a pipe at its end, readable as a sentinel
// is then.
int Registry::sentinel(ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  if (!record.pidfd) record.pidfd = os::make_pipe().read;
  return record.pidfd.get();
}

void Registry::signal(ProcessRecord& record, int number) {
  const std::lock_guard lock(mutex_);
  if (!reap_if_ended(record)) os::send_signal(record.pidfd, number);
}

bool Registry::terminate_or_kill(ProcessRecord& record, std::chrono::milliseconds grace) {
  signal(record, SIGTERM);
  if (wait(record, point_after(grace))) return true;
  signal(record, SIGKILL);
  wait(record, os::never);
  return false;
}

void Registry::release(ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  record.pidfd.reset();
  forget(record);
}

void Registry::forget(ProcessRecord& record) noexcept {
  if (record.error_slot != nullptr) {
    error_slots_.release(std::exchange(record.error_slot, nullptr));
  }
  std::erase_if(records_, [&](const RecordPointer& known) { return known.get() == &record; });
}

std::vector<Registry::RecordPointer> Registry::running() {
  const std::lock_guard lock(mutex_);
  std::vector<RecordPointer> found;
  for (const auto& record : records_) {
    if (!reap_if_ended(*record)) found.push_back(record);
  }
  return found;
}

void Registry::end_children() noexcept {
  set_ending(true);  // else a thread that starts one after the other would never let it end
  const auto children = running();
  const auto start = os::Clock::now();
  for (const auto& child : children) {
    if (child->ends_with_parent) attempt([&] { signal(*child, SIGTERM); });
  }
  for (const auto& child : children) {
    if (child->ends_with_parent) attempt([&] { kill_after(*child, start); });
  }
  for (const auto& child : children) {
    attempt([&] { wait(*child, os::never); });
  }
  set_ending(false);  // static destructors may still need a process
}

void Registry::kill_after(ProcessRecord& record, os::Clock::time_point start) {
  if (!wait(record, point_after(record.grace, start))) signal(record, SIGKILL);
}

void Registry::set_ending(bool ending) {
  const std::lock_guard lock(mutex_);
  ending_ = ending;
}

}  // namespace ream::detail
