#include "process/registry.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "os/signals.hpp"
#include "os/standard_streams.hpp"
#include "process/child_body.hpp"
#include "process/end_of_program.hpp"

namespace ream::detail {

namespace {

// Never deleted: a process may end its children after the last static destructor has run.
std::atomic<Registry*> current{nullptr};

// Through std::exit() or at the end of run(): nothing of the parent's comes after this.
[[noreturn]] void end_this_child(int code) {
  Registry::of_this_process().end_children();
  os::exit_child(code);
}

}  // namespace

Registry::Registry() : owner_(os::current_pid()), name_("MainProcess") {}

Registry::Registry(const ProcessRecord& own)
    : owner_(os::current_pid()),
      name_(own.name),
      identity_(own.identity),
      daemon_(own.daemon),
      may_have_children_(own.may_have_children) {}

Registry& Registry::of_this_process() {
  auto* known = current.load();
  if (known != nullptr && known->owner_ == os::current_pid()) return *known;
  // The first use in a program, or in a child that was forked behind the library's back.
  std::unique_ptr<Registry> fresh(new Registry);
  if (current.compare_exchange_strong(known, fresh.get())) return *fresh.release();
  return *known;
}

Registry::RecordPointer Registry::make_record(ProcessOptions options) {
  auto identity = std::to_string(++made_);
  if (!identity_.empty()) identity = identity_ + ":" + identity;
  return std::make_shared<ProcessRecord>(std::move(options), std::move(identity), daemon_);
}

std::string Registry::name() {
  const std::lock_guard lock(mutex_);
  return name_;
}

void Registry::set_name(const std::string& name) {
  const std::lock_guard lock(mutex_);
  name_ = name;
}

void Registry::start(const RecordPointer& record, const ChildBody& body) {
  const os::BlockedSignals blocked;
  const std::lock_guard lock(mutex_);
  end_children_with_the_program();
  auto errors = os::make_nonblocking_pipe();
  records_.push_back(record);  // before the fork: nothing can fail behind it
  try {
    auto forked = fork(*record, [&] { be_child(*record, blocked, std::move(errors), body); });
    adopt(*record, std::move(forked), std::move(errors.read));
  } catch (...) {
    records_.pop_back();
    throw;
  }
}

void Registry::adopt(ProcessRecord& record, os::Forked forked, os::Fd errors) noexcept {
  record.state = ProcessRecord::State::started;
  record.pid = forked.pid;
  record.errors = std::move(errors);
  record.pidfd = std::move(forked.pidfd);
  if (record.pidfd) return;
  record.status = Lost{};
  record.pidfd = std::move(record.errors);  // at its end: readable, as a sentinel is then
}

os::Forked Registry::fork(const ProcessRecord& record, const std::function<void()>& child) {
  if (!record.ends_with_parent || os::is_main_thread()) {
    return os::fork_process(record.name, child);
  }
  os::Forked forked;
  forking_thread_.run([&] { forked = os::fork_process(record.name, child); });
  return forked;
}

void Registry::be_child(ProcessRecord& record, const os::BlockedSignals& blocked, os::Pipe errors,
                        const ChildBody& body) {
  if (record.ends_with_parent && !os::end_with_parent(record.creator, SIGKILL)) {
    os::exit_at_once(1);
  }
  record.state = ProcessRecord::State::started;
  record.is_this_process = true;
  record.pid = os::current_pid();
  errors.read.reset();
  close_descriptors();
  current = new Registry(record);
  os::reset_inherited_handlers();
  body.set_up_signals();
  os::empty_standard_input();
  os::call_on_exit(end_this_child);
  blocked.let_through();
  end_this_child(run_guarded(body.run, record.name, errors.write));
}

void Registry::close_descriptors() noexcept {
  std::vector<int> descriptors;
  for (const auto& record : records_) {
    for (auto* fd : {&record->pidfd, &record->errors}) {
      if (*fd) descriptors.push_back(fd->release());
    }
  }
  os::close_all(descriptors);
}

bool Registry::has_ended(ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  return reap_if_ended(record);
}

bool Registry::reap_if_ended(ProcessRecord& record) {
  if (record.status) return true;
  record.status = os::try_wait(record.pidfd);
  if (!record.status) return false;
  record.error = error_from(os::read_available(record.errors));
  record.errors.reset();
  return true;
}

bool Registry::wait(ProcessRecord& record, os::Clock::time_point until) {
  const int sentinel = pidfd(record);
  while (os::wait_readable(sentinel, until)) {
    if (has_ended(record)) return true;
  }
  return has_ended(record);
}

int Registry::pidfd(const ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  return record.pidfd.get();
}

void Registry::signal(ProcessRecord& record, int number) {
  const std::lock_guard lock(mutex_);
  if (!reap_if_ended(record)) os::send_signal(record.pidfd, number);
}

bool Registry::terminate_or_kill(ProcessRecord& record, std::chrono::milliseconds grace) {
  signal(record, SIGTERM);
  if (wait(record, os::Clock::now() + grace)) return true;
  signal(record, SIGKILL);
  wait(record, os::never);
  return false;
}

void Registry::release(ProcessRecord& record) {
  const std::lock_guard lock(mutex_);
  record.pidfd.reset();
  record.errors.reset();
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

void Registry::end_children() noexcept try {
  const auto children = running();
  const auto start = os::Clock::now();
  for (const auto& child : children) {
    if (child->ends_with_parent) signal(*child, SIGTERM);
  }
  for (const auto& child : children) {
    if (!child->ends_with_parent || wait(*child, start + child->grace)) continue;
    signal(*child, SIGKILL);
  }
  for (const auto& child : children) wait(*child, os::never);
} catch (const std::exception&) {  // those that end with their parent do so in any case
}

}  // namespace ream::detail
