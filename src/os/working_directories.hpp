// Where processes stand.
#pragma once

#include "os/file.hpp"

namespace ream::os {

bool is_working_directory(FileIdentity directory) noexcept;  // of the calling process

// Of any process, as far as this one may look: those of other users are not seen.
bool is_somebodys_working_directory(FileIdentity directory) noexcept;

}  // namespace ream::os
