// A directory that takes another's place, and its looks.
#pragma once

namespace ream::os {

// Gives `to` the owner, the group, the mode and the extended attributes (ACLs among them) of
// `from`; both may be O_PATH. Attributes that only the system sets, or that the filesystem of `to`
// does not know, are left out. False: errno says why.
bool copy_directory_attributes(int from, int to) noexcept;

// False as well where that cannot be told (errno says why).
bool is_empty_directory(int directory) noexcept;

}  // namespace ream::os
