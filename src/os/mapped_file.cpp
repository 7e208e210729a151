#include "os/mapped_file.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "os/errors.hpp"

namespace ream::os {

namespace {

// What the SIGBUS handler may look at. A slot with begin 0 is free.
struct Watched {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<bool> truncated{false};
};

constexpr std::size_t most_mappings = 16;
std::array<Watched, most_mappings> watched;
std::mutex watched_mutex;
std::size_t watched_count = 0;
struct sigaction action_before;

bool replace_with_zeros(std::uintptr_t address) {
  const auto page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  void* page = reinterpret_cast<void*>(address & ~(page_size - 1));
  return ::mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
         MAP_FAILED;
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int saved = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const bool is_fault = info->si_code > 0;  // not sent by a process
  for (auto& mapping : watched) {
    const auto begin = mapping.begin.load();
    if (!is_fault || begin == 0 || address < begin || address >= mapping.end) continue;
    mapping.truncated = true;
    if (replace_with_zeros(address)) {
      errno = saved;
      return;
    }
  }
  if ((action_before.sa_flags & SA_SIGINFO) != 0) {
    action_before.sa_sigaction(signal, info, context);
  } else if (action_before.sa_handler != SIG_DFL && action_before.sa_handler != SIG_IGN) {
    action_before.sa_handler(signal);
  } else {
    ::signal(SIGBUS, SIG_DFL);
    ::raise(SIGBUS);
  }
  errno = saved;
}

std::size_t watch(const void* data, std::size_t size, const std::string& name) {
  const std::lock_guard lock(watched_mutex);
  for (std::size_t slot = 0; slot < watched.size(); ++slot) {
    if (watched[slot].begin != 0) continue;
    watched[slot].truncated = false;
    watched[slot].end = reinterpret_cast<std::uintptr_t>(data) + size;
    watched[slot].begin = reinterpret_cast<std::uintptr_t>(data);
    if (watched_count++ == 0) {
      struct sigaction action {};
      action.sa_sigaction = on_bus_error;
      action.sa_flags = SA_SIGINFO | SA_NODEFER;
      ::sigaction(SIGBUS, &action, &action_before);
    }
    return slot;
  }
  throw Error(Operation::map, name, 0, Reason::too_many_mappings);
}

void unwatch(std::size_t slot) {
  const std::lock_guard lock(watched_mutex);
  watched[slot].begin = 0;
  if (--watched_count == 0) ::sigaction(SIGBUS, &action_before, nullptr);
}

}  // namespace

MappedFile::MappedFile(const Fd& fd, std::size_t size, std::string name)
    : name_(std::move(name)), size_(size), reserved_(size + padding) {
  // The reservation gives zeros behind the file's last page; the file is laid over its beginning.
  void* reserved =
      ::mmap(nullptr, reserved_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) throw_errno(Operation::map, name_);
  data_ = static_cast<char*>(reserved);
  if (size > 0 &&
      ::mmap(reserved, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd.get(), 0) == MAP_FAILED) {
    const int error_number = errno;
    ::munmap(data_, reserved_);
    throw Error(Operation::map, name_, error_number);
  }
  try {
    slot_ = watch(data_, reserved_, name_);
  } catch (...) {
    ::munmap(data_, reserved_);
    throw;
  }
}

MappedFile::~MappedFile() {
  unwatch(slot_);
  ::munmap(data_, reserved_);
}

bool MappedFile::was_truncated() const noexcept {
  return watched[slot_].truncated;
}

}  // namespace ream::os
