// Names that change from one call to the next: what makes something appear whole, or not at all.
// False: errno says why.
#pragma once

#include "os/file.hpp"

namespace ream::os {

// EEXIST where `to` is there. A file, or a directory onto a name that nothing has. On a filesystem
// without RENAME_NOREPLACE a file gets a second name before it loses the first, and a directory may
// replace an empty one that appeared meanwhile.
bool rename_new(Name from, Name to) noexcept;

// Replaces what `to` was.
bool rename_over(Name from, Name to) noexcept;

// Both stay, each under the other's name. EINVAL where the filesystem cannot.
bool exchange(Name one, Name other) noexcept;

// A regular file that has no name yet (O_TMPFILE), beneath `directory`. Empty where the filesystem
// has no such files (EOPNOTSUPP, EISDIR), or the call failed.
Fd create_unnamed(int directory, mode_t mode) noexcept;
// How the filesystem of `directory` has them: tried, with nothing left behind. `slow`: a rename is
// the faster way to a name.
enum class UnnamedFiles { none, slow, fast };
UnnamedFiles unnamed_files(int directory) noexcept;
// EEXIST where `name` is there.
bool give_name(const Fd& unnamed, Name name) noexcept;

}  // namespace ream::os
