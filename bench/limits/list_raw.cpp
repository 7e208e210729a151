// The limit for `ream list`: every directory read by getdents64, sorted and printed, and nothing
// else. Types that a filesystem does not record are not asked for, all that is on the way down
// stays open, and no failure is named by its directory: what ream promises beyond this is what its
// distance from this program pays for.
//
// Usage: list_raw DIR
//
// Prints every name beneath DIR, sorted bytewise, where a directory sorts as its name and a '/'.
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  _exit(1);
}

void put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = write(STDOUT_FILENO, text.data(), text.size());
    if (size == -1) fail("write");
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

// What one directory holds, each name with a '/' where it is a directory. Names never move.
struct Names {
  std::deque<std::vector<char>> pieces;
  std::vector<std::string_view> sorted;
};

void add(const dirent64& entry, Names& names) {
  const std::string_view name = entry.d_name;
  if (name == "." || name == "..") return;
  const bool directory = entry.d_type == DT_DIR;
  auto& room = names.pieces.back();
  const std::size_t begin = room.size();
  room.insert(room.end(), name.begin(), name.end());
  if (directory) room.push_back('/');
  names.sorted.emplace_back(room.data() + begin, name.size() + directory);
}

Names read_names(int directory) {
  static char buffer[1 << 16];
  Names names;
  for (;;) {
    const long size = syscall(SYS_getdents64, directory, buffer, sizeof buffer);
    if (size == -1) fail("getdents64");
    if (size == 0) break;
    names.pieces.emplace_back().reserve(sizeof buffer);
    for (long at = 0; at < size;) {
      const auto& entry = *reinterpret_cast<const dirent64*>(buffer + at);
      add(entry, names);
      at += entry.d_reclen;
    }
  }
  boost::sort::pdqsort(names.sorted.begin(), names.sorted.end());
  return names;
}

void list(int directory, std::string& path, std::string& out) {
  const std::size_t length = path.size();
  for (std::string_view name : read_names(directory).sorted) {
    const bool leads_on = name.back() == '/';
    path.append(name);
    out.append(path, 0, path.size() - leads_on).push_back('\n');
    if (out.size() > (1 << 18)) put(out), out.clear();
    if (leads_on) {
      const std::string plain(name.substr(0, name.size() - 1));
      const int inner = openat(directory, plain.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      if (inner == -1) fail(path.c_str());
      list(inner, path, out);
      close(inner);
    }
    path.resize(length);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: list_raw DIR\n", stderr);
    return 2;
  }
  const int directory = open(argv[1], O_RDONLY | O_DIRECTORY);
  if (directory == -1) fail(argv[1]);
  std::string path;
  std::string out;
  list(directory, path, out);
  put(out);
  return 0;
}
