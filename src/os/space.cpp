#include "os/space.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <limits>

#include "os/errors.hpp"

namespace ream::os {

namespace {

struct statvfs space_of(const boost::filesystem::path& path) {
  struct statvfs space = {};
  if (::statvfs(path.c_str(), &space) != 0) throw_errno(Operation::inspect, path.native());
  return space;
}

double share(std::uint64_t free, std::uint64_t all) {
  return all == 0 ? 0 : 1 - static_cast<double>(free) / static_cast<double>(all);
}

}  // namespace

std::uint64_t free_bytes(const boost::filesystem::path& path) {
  const auto space = space_of(path);
  return space.f_bavail * space.f_frsize;
}

std::uint64_t free_inodes(const boost::filesystem::path& path) {
  const auto space = space_of(path);
  const bool has_no_number_of_them = space.f_files == 0;  // btrfs
  return has_no_number_of_them ? std::numeric_limits<std::uint64_t>::max() : space.f_favail;
}

double full_share(const boost::filesystem::path& path) {
  const auto space = space_of(path);
  return std::max(share(space.f_bavail, space.f_blocks), share(space.f_favail, space.f_files));
}

}  // namespace ream::os
