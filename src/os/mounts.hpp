#pragma once

#include <boost/filesystem/path.hpp>
#include <string>

namespace ream::os {

// The type and options of the mount that an existing `path` lies on, as /proc/self/mountinfo has
// them: "tmpfs (rw,nosuid,size=9437184k)". "unknown" where that cannot be told.
std::string mount_text(const boost::filesystem::path& path);

}  // namespace ream::os
