// Removes a directory and all that is beneath it.
#pragma once

#include "os/file.hpp"

namespace ream::os {

// Never follows a link and never leaves the filesystem that the directory lies on. A directory
// whose owner may not change it is opened up first. However deep the tree is, two descriptors are
// enough: directories beneath are moved up into `name` before they are emptied. False where
// something is left: errno says why of the first that could not be removed.
bool remove_tree(Name name) noexcept;

}  // namespace ream::os
