// Where processes stand.
#pragma once

#include "os/file.hpp"

namespace ream::os {

// Of the calling process: whether it is `directory`, or lies beneath it.
bool holds_working_directory(FileIdentity directory) noexcept;

// Of any process, as far as this one may look: those of other users are not seen.
bool is_somebodys_working_directory(FileIdentity directory) noexcept;

}  // namespace ream::os
