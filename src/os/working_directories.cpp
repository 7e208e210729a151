#include "os/working_directories.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <string>

#include "os/beneath.hpp"
#include "os/directory_walk.hpp"

namespace ream::os {

namespace {

bool leads_to(int directory, const char* path, FileIdentity wanted) noexcept {
  struct stat found {};
  return ::fstatat(directory, path, &found, 0) == 0 &&
         FileIdentity{found.st_dev, found.st_ino} == wanted;
}

}  // namespace

// Up to the root, whose parent it is itself.
bool holds_working_directory(FileIdentity directory) noexcept {
  auto here = open_child_directory(from_here("."));
  auto found = here ? status(here.get()) : std::nullopt;
  while (found) {
    if (found->identity == directory) return true;
    here = open_child_directory({here.get(), ".."});
    const auto above = here ? status(here.get()) : std::nullopt;
    if (above && above->identity == found->identity) return false;
    found = above;
  }
  return false;
}

bool is_somebodys_working_directory(FileIdentity directory) noexcept try {
  const auto processes = open_child_directory_for_reading(from_here("/proc"));
  DirectoryContent content;
  if (!processes || !DirectoryReader().read(processes.get(), content)) return false;
  return std::any_of(content.entries().begin(), content.entries().end(), [&](const auto& entry) {
    const auto name = content.name(entry);
    if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) return false;
    return leads_to(processes.get(), (std::string(name) + "/cwd").c_str(), directory);
  });
} catch (const std::exception&) {
  return false;
}

}  // namespace ream::os
