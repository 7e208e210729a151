#include "os/mounts.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <vector>

namespace ream::os {

namespace {

constexpr std::size_t id_field = 0;
constexpr std::size_t device_field = 2;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// How a line of mountinfo tells the mount of a path. A device may be mounted at several places,
// with options of their own; only the ID tells these apart, which Linux 5.8 and later know of.
struct Mark {
  std::size_t field;
  std::string value;
};

Mark mark_of(const boost::filesystem::path& path) {
  struct statx status = {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_MNT_ID, &status) != 0) return {id_field, ""};
  if ((status.stx_mask & STATX_MNT_ID) != 0) return {id_field, std::to_string(status.stx_mnt_id)};
  return {device_field,
          std::to_string(status.stx_dev_major) + ":" + std::to_string(status.stx_dev_minor)};
}

// ID PARENT DEVICE ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE SUPER-OPTIONS (proc(5)).
std::string mount_text(const std::vector<std::string>& words) {
  for (std::size_t i = 6; i + 3 < words.size(); ++i) {
    if (words[i] == "-") return words[i + 1] + " (" + words[5] + "; " + words[i + 3] + ")";
  }
  return "unknown";
}

}  // namespace

std::string mount_text(const boost::filesystem::path& path) {
  const auto mark = mark_of(path);
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const auto words = words_of(line);
    if (words.size() > 6 && words[mark.field] == mark.value) return mount_text(words);
  }
  return "unknown";
}

}  // namespace ream::os
