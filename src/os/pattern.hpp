// Names that programs with wildcards, such as make, take for patterns.
#pragma once

namespace ream::os {

// Whether `path`, read as a pattern (glob(3)), is a name of any file but of the one that is called
// so. False as well where a directory cannot be read.
bool matches_another_file(const char* path) noexcept;

}  // namespace ream::os
