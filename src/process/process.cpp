#include "ream/process.hpp"

#include <fmt/format.h>

#include <csignal>
#include <stdexcept>

#include "os/process.hpp"
#include "os/processors.hpp"
#include "process/record.hpp"
#include "process/registry.hpp"
#include "process/self.hpp"

namespace ream {

namespace {

using detail::ProcessRecord;
using detail::Registry;
using State = ProcessRecord::State;

[[noreturn]] void refuse(const ProcessRecord& record, std::string_view why) {
  throw std::logic_error(fmt::format("process '{}': {}", record.name, why));
}

ProcessRecord& existing(const std::shared_ptr<ProcessRecord>& record) {
  if (!record) throw std::logic_error("process: it was moved to another object");
  return *record;
}

bool is_this_process(const ProcessRecord& record) {
  return detail::own_record() == &record;
}

bool is_of_this_process(const ProcessRecord& record) {
  return record.creator == os::current_pid();
}

// What is not closed, and asked by the process that made it or by the child itself.
ProcessRecord& open(const std::shared_ptr<ProcessRecord>& pointer, std::string_view action) {
  auto& record = existing(pointer);
  if (record.state == State::closed) refuse(record, fmt::format("cannot {}: it is closed", action));
  if (!is_this_process(record) && !is_of_this_process(record)) {
    refuse(record, fmt::format("cannot {}: process {} made it, this is process {}", action,
                               record.creator, os::current_pid()));
  }
  return record;
}

ProcessRecord& child(const std::shared_ptr<ProcessRecord>& pointer, std::string_view action) {
  auto& record = open(pointer, action);
  if (is_this_process(record)) refuse(record, fmt::format("cannot {} itself", action));
  if (record.state == State::made) {
    refuse(record, fmt::format("cannot {}: it was not started", action));
  }
  return record;
}

bool runs_or_ran_elsewhere(const ProcessRecord& record) {
  return record.state == State::started && !is_this_process(record);
}

// A destructor has nobody to tell of an error, but what failed once may not fail twice.
constexpr int most_attempts_to_end = 3;

bool has_been_ended(ProcessRecord& record) noexcept try {
  auto& registry = Registry::of_this_process();
  if (record.ends_with_parent) {
    registry.terminate_or_kill(record, record.grace);
  } else {
    registry.wait(record, os::never);
  }
  registry.release(record);
  return true;
} catch (const std::exception&) {
  return false;
}

void signal(const std::shared_ptr<ProcessRecord>& pointer, std::string_view action, int number) {
  Registry::of_this_process().signal(child(pointer, action), number);
}

}  // namespace

Process::Process(ProcessOptions options)
    : record_(Registry::of_this_process().make_record(std::move(options))) {}

Process::Process(Process&& other) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  end();
  target_ = std::move(other.target_);
  record_ = std::move(other.record_);
  return *this;
}

Process::~Process() {
  end();
}

void Process::end() noexcept {
  if (!record_ || !runs_or_ran_elsewhere(*record_) || !is_of_this_process(*record_)) return;
  for (int attempt = 0; attempt < most_attempts_to_end && !has_been_ended(*record_); ++attempt) {
  }
}

void Process::run() {
  if (target_) target_->call();
}

void Process::start() {
  auto& record = open(record_, "start");
  auto& registry = Registry::of_this_process();
  if (record.state != State::made || is_this_process(record)) {
    refuse(record, "cannot start: it was started before");
  }
  if (const auto* own = detail::own_record(); own != nullptr && !own->may_have_children) {
    refuse(record, fmt::format("cannot start: '{}' may not have children", own->name));
  }
  if (os::is_on_stack_of_this_thread(this)) record.forks_in_calling_thread = true;
  registry.start(record_, {[this] { set_up_signals(); }, [this] { run(); }});
}

void Process::join() {
  join_until(Clock::time_point::max());
}

bool Process::join_until(Clock::time_point until) {
  return Registry::of_this_process().wait(child(record_, "join"), until);
}

bool Process::is_alive() const {
  auto& record = open(record_, "tell whether it is alive");
  if (is_this_process(record)) return true;
  return record.state == State::started && !Registry::of_this_process().has_ended(record);
}

void Process::interrupt() {
  signal(record_, "interrupt", SIGINT);
}

void Process::terminate() {
  signal(record_, "terminate", SIGTERM);
}

void Process::kill() {
  signal(record_, "kill", SIGKILL);
}

bool Process::terminate_or_kill(std::chrono::milliseconds grace) {
  return Registry::of_this_process().terminate_or_kill(child(record_, "terminate"), grace);
}

void Process::close() {
  auto& record = existing(record_);
  if (record.state == State::closed) return;
  open(record_, "close");
  if (is_this_process(record)) refuse(record, "cannot close itself");
  auto& registry = Registry::of_this_process();
  if (record.state == State::started) {
    if (!registry.has_ended(record)) refuse(record, "cannot close: it runs, join it first");
    registry.release(record);
  }
  record.state = State::closed;
  target_.reset();
}

const std::string& Process::name() const {
  return existing(record_).name;
}

void Process::fork_in_calling_thread() {
  open(record_, "choose who forks").forks_in_calling_thread = true;
}

void Process::keep_descriptor(int fd) {
  open(record_, "choose what it keeps").kept_descriptor = fd;
}

void Process::set_name(std::string name) {
  open(record_, "set its name").name = std::move(name);
}

bool Process::daemon() const {
  return existing(record_).daemon;
}

void Process::set_daemon(bool daemon) {
  auto& record = open(record_, "set daemon");
  if (record.state != State::made || is_this_process(record)) {
    refuse(record, "cannot set daemon: it was started before");
  }
  record.set_daemon(daemon);
}

int Process::pid() const {
  const auto& record = open(record_, "tell its pid");
  return is_this_process(record) ? os::current_pid() : record.pid;
}

int Process::ppid() const {
  const auto& record = open(record_, "tell its parent's pid");
  if (is_this_process(record)) return os::parent_pid();
  return record.state == State::made ? 0 : record.creator;
}

std::optional<ExitStatus> Process::exit_status() const {
  auto& record = open(record_, "tell how it ended");
  if (!runs_or_ran_elsewhere(record)) return std::nullopt;
  if (!Registry::of_this_process().has_ended(record)) return std::nullopt;
  return record.status;
}

std::optional<int> Process::exitcode() const {
  const auto status = exit_status();
  if (!status) return std::nullopt;
  if (const auto* exited = std::get_if<Exited>(&status->how())) return exited->code;
  if (const auto* signalled = std::get_if<Signalled>(&status->how())) return -signalled->signal;
  return std::nullopt;
}

std::optional<std::string> Process::error() const {
  if (!exit_status()) return std::nullopt;
  return record_->error;
}

int Process::sentinel() const {
  auto& record = child(record_, "watch");
  return Registry::of_this_process().sentinel(record);
}

std::vector<ChildInfo> active_children() {
  std::vector<ChildInfo> children;
  for (const auto& record : Registry::of_this_process().running()) {
    children.push_back({record->pid, record->name, record->daemon});
  }
  return children;
}

unsigned cpu_count() {
  return os::usable_processors();
}

namespace this_process {

std::string name() {
  const auto* own = detail::own_record();
  return own == nullptr ? "MainProcess" : own->name;
}

int pid() noexcept {
  return os::current_pid();
}

int parent_pid() noexcept {
  return os::parent_pid();
}

}  // namespace this_process

}  // namespace ream
