// The limit for `ream write` on a manifest: each line parsed once by simdjson, its file created and
// written. No line is checked before the first file is made, a repeated key or garbage between the
// fields goes unseen, paths are plain names in DIR, and nothing else than "path" and "content" is
// known: what ream promises beyond this is what its distance from this program pays for.
//
// Usage: manifest_raw MANIFEST DIR PROCESSES
//
// The manifest is divided by bytes, at line ends, among PROCESSES forked ones.
#include <fcntl.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

namespace od = simdjson::ondemand;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  _exit(1);
}

// simdjson reads up to SIMDJSON_PADDING bytes past the end of what it parses. A page of zeros
// behind the file's last page gives it that, without a copy.
std::string_view map_padded(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file == -1 || fstat(file, &status) == -1) fail(path);
  const auto size = static_cast<std::size_t>(status.st_size);
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));

  void* room =
      mmap(nullptr, (size / page + 2) * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) fail("mmap");
  if (mmap(room, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED) fail(path);
  return {static_cast<const char*>(room), size};
}

void write_file(int directory, std::string_view path, std::string_view content) {
  char name[256] = {};
  path.copy(name, sizeof name - 1);
  const int file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file == -1) fail(name);
  if (write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    fail(name);
  if (close(file) == -1) fail(name);
}

void write_lines(std::string_view lines, int directory) {
  od::parser parser;
  while (!lines.empty()) {
    const std::size_t length = std::min(lines.find('\n'), lines.size());
    od::document line = parser.iterate(
        simdjson::padded_string_view(lines.data(), length, length + simdjson::SIMDJSON_PADDING));
    const std::string_view path = line["path"];
    const std::string_view content = line["content"];
    write_file(directory, path, content);
    lines.remove_prefix(std::min(length + 1, lines.size()));
  }
}

// The end of the line in which byte `at` is.
std::size_t line_end(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  const std::size_t newline = text.find('\n', at - 1);
  return newline == text.npos ? text.size() : newline + 1;
}

void start_writer(std::string_view lines, int directory) {
  const pid_t pid = fork();
  if (pid == -1) fail("fork");
  if (pid != 0) return;
  try {
    write_lines(lines, directory);
  } catch (const simdjson::simdjson_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    _exit(1);
  }
  _exit(0);
}

int wait_for_all() {
  int worst = 0;
  for (int status; wait(&status) > 0;) worst |= status;
  return worst == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t processes = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
  if (processes == 0) {
    std::fputs("usage: manifest_raw MANIFEST DIR PROCESSES\n", stderr);
    return 2;
  }
  const std::string_view text = map_padded(argv[1]);
  const int directory = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory == -1) fail(argv[2]);

  for (std::size_t i = 0; i < processes; ++i) {
    const std::size_t first = line_end(text, text.size() * i / processes);
    const std::size_t last = line_end(text, text.size() * (i + 1) / processes);
    start_writer(text.substr(first, last - first), directory);
  }
  return wait_for_all();
}
