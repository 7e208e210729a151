#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>

namespace ream::os {

// Of the filesystem that an existing `path` lies on.
std::uint64_t free_bytes(const boost::filesystem::path& path);
std::uint64_t free_inodes(const boost::filesystem::path& path);  // unlimited: the most there are
double full_share(const boost::filesystem::path& path);          // 0 to 1, by bytes or inodes

}  // namespace ream::os
