#include "os/mounts.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <sstream>
#include <vector>

namespace ream::os {

namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string device_of(const boost::filesystem::path& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return "";
  return std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
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
  const auto device = device_of(path);
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const auto words = words_of(line);
    if (words.size() > 6 && words[2] == device) return mount_text(words);
  }
  return "unknown";
}

}  // namespace ream::os
