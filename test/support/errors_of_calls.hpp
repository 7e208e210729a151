// What the system calls of the writing path can fail with.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ream::test {

// A call that is in neither of the two is one that nobody has thought about.
inline const std::map<std::string, std::vector<std::string>>& errors_of_calls() {
  static const std::map<std::string, std::vector<std::string>> errors = {
      {"openat", {"ENOSPC", "EIO", "EMFILE", "EINTR", "EACCES", "ENOMEM"}},
      {"open", {"ENOSPC", "EIO", "EMFILE", "EINTR", "EACCES", "ENOMEM"}},
      {"mkdirat", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"mkdir", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"rmdir", {"EIO", "EACCES", "ENOMEM"}},
      {"write", {"ENOSPC", "EIO", "EINTR", "EAGAIN", "ENOMEM"}},
      {"read", {"EIO", "EINTR", "EAGAIN", "ENOMEM"}},
      {"pread64", {"EIO", "EINTR", "ENOMEM"}},
      {"copy_file_range", {"ENOSPC", "EIO", "EINTR", "ENOMEM"}},
      {"close", {"ENOSPC", "EIO", "EINTR"}},
      {"fchmod", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"chmod", {"ENOSPC", "EIO", "EACCES", "ENOMEM"}},
      {"chown", {"ENOSPC", "EIO", "EACCES", "ENOMEM"}},
      {"utimensat", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"listxattr", {"EIO", "EACCES", "ENOMEM"}},
      {"getxattr", {"EIO", "EACCES", "ENOMEM"}},
      {"setxattr", {"ENOSPC", "EIO", "EACCES", "ENOMEM"}},
      {"renameat2", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"renameat", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"linkat", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"symlinkat", {"ENOSPC", "EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"unlinkat", {"EIO", "EINTR", "EACCES", "ENOMEM"}},
      {"readlinkat", {"EIO", "EACCES", "ENOMEM"}},
      {"readlink", {"EIO", "EACCES", "ENOMEM"}},
      {"getcwd", {"EACCES", "ENOMEM"}},
      {"getdents64", {"EIO", "EINTR", "ENOMEM"}},
      {"statx", {"EIO", "EACCES", "ENOMEM"}},
      {"newfstatat", {"EIO", "EACCES", "ENOMEM"}},
      {"fstat", {"EIO", "ENOMEM"}},
      {"fstatfs", {"EIO", "EINTR", "ENOMEM"}},
      {"faccessat2", {"EIO", "EACCES", "ENOMEM"}},
      {"fcntl", {"EMFILE"}},
      {"flock", {"EIO", "EINTR", "ENOMEM"}},  // EAGAIN: another run has it, and removes it
      {"fsync", {"ENOSPC", "EIO", "EINTR"}},
      {"fdatasync", {"ENOSPC", "EIO", "EINTR"}},
      {"syncfs", {"ENOSPC", "EIO"}},
      {"sync_file_range", {"ENOSPC", "EIO", "ENOMEM"}},
      {"fallocate", {"ENOSPC", "EIO", "EINTR"}},
      {"ftruncate", {"ENOSPC", "EIO", "EINTR"}},
      {"memfd_create", {"EMFILE", "ENOMEM"}},
      {"eventfd2", {"EMFILE", "ENOMEM"}},
      {"pipe2", {"EMFILE", "ENOMEM"}},
      {"pidfd_open", {"EMFILE", "ENOMEM"}},
      {"clone", {"EAGAIN", "ENOMEM"}},
      {"clone3", {"EAGAIN", "ENOMEM"}},
      {"waitid", {"EINTR"}},
      {"poll", {"EINTR", "ENOMEM"}},
      {"ppoll", {"EINTR", "ENOMEM"}},
      {"mmap", {"ENOMEM", "EAGAIN"}},
      {"mprotect", {"ENOMEM"}},
      {"mremap", {"ENOMEM", "EAGAIN"}},
  };
  return errors;
}

// Calls that do not fail in a correct program, or whose failure the C library takes upon itself
// (brk: the memory then comes from mmap).
inline const std::set<std::string>& calls_that_do_not_fail() {
  static const std::set<std::string> calls = {
      "access",
      "arch_prctl",
      "brk",
      "close_range",
      "execve",
      "exit_group",
      "futex",
      "getpid",
      "getppid",
      "getrandom",
      "gettid",
      "geteuid",
      "getuid",
      "ioctl",
      "kill",
      "lseek",
      "madvise",
      "munmap",
      "pidfd_send_signal",
      "prctl",
      "prlimit64",
      "rseq",
      "rt_sigaction",
      "rt_sigprocmask",
      "rt_sigreturn",
      "sched_getaffinity",
      "set_robust_list",
      "set_tid_address",
      "setrlimit",
      "sysinfo",
      "uname",
      "umask",
      "wait4",
      "tgkill",
      "clock_nanosleep",
      "nanosleep",
      "restart_syscall",
      "exit",
  };
  return calls;
}

}  // namespace ream::test
