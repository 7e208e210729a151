// The limit for `ream generate`: the system calls that the work cannot do without, and nothing
// else. Nothing is checked beforehand, no failure is named by its file, nothing is listed: what
// ream promises beyond this is what its distance from this program pays for.
//
// Usage: generate_raw DIR COUNT SIZE|i PROCESSES|each
//
// Creates info1 ... infoCOUNT in DIR, which exists, of SIZE bytes of '=' each (i: file number i has
// i bytes). The numbers are divided evenly among PROCESSES forked ones; `each` forks one a file.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

struct Batch {
  int directory;
  long count;
  long size;  // of each; below 0: as many bytes as its number
  std::vector<char> bytes;
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  _exit(1);
}

long number_from(const char* text, long least) {
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (*end != '\0' || number < least) {
    std::fprintf(stderr, "not a number from %ld up: %s\n", least, text);
    _exit(2);
  }
  return number;
}

void write_file(const Batch& batch, long number) {
  char name[32] = "info";
  *std::to_chars(name + 4, name + sizeof name - 1, number).ptr = '\0';
  const auto size = static_cast<std::size_t>(batch.size < 0 ? number : batch.size);

  const int file = openat(batch.directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file == -1) fail(name);
  if (size > 0 && write(file, batch.bytes.data(), size) != static_cast<ssize_t>(size)) fail(name);
  if (close(file) == -1) fail(name);
}

// Forks a process that writes the files numbered `first` to `last`.
void start_writer(const Batch& batch, long first, long last) {
  const pid_t pid = fork();
  if (pid == -1) fail("fork");
  if (pid != 0) return;
  for (long number = first; number <= last; ++number) write_file(batch, number);
  _exit(0);
}

int wait_for_all() {
  int worst = 0;
  for (int status; wait(&status) > 0;) worst |= status;
  return worst == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: generate_raw DIR COUNT SIZE|i PROCESSES|each\n", stderr);
    return 2;
  }
  Batch batch{.directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC),
              .count = number_from(argv[2], 1),
              .size = std::string_view(argv[3]) == "i" ? -1 : number_from(argv[3], 0),
              .bytes = {}};
  if (batch.directory == -1) fail(argv[1]);
  batch.bytes.assign(static_cast<std::size_t>(batch.size < 0 ? batch.count : batch.size), '=');

  const bool each = std::string_view(argv[4]) == "each";
  const long processes = each ? batch.count : number_from(argv[4], 1);
  for (long i = 0; i < processes; ++i)
    start_writer(batch, batch.count * i / processes + 1, batch.count * (i + 1) / processes);
  return wait_for_all();
}
