// Paths beneath a root: which are allowed, and how a directory is reached without leaving it.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "os/file.hpp"

namespace ream::os {

// The longest path that a batch may name, and the longest of its components, in bytes: what Linux's
// PATH_MAX (with its NUL) and NAME_MAX let another program open by name.
inline constexpr std::size_t longest_path = 4095;
inline constexpr std::size_t longest_name = 255;

// Why `path` cannot be a path beneath a root; empty for one that can. Allowed are components
// divided by single slashes, none of them empty, "." or "..", no NUL, within the lengths above.
std::string_view problem_with_path(std::string_view path) noexcept;

// The path up to its last slash, empty where it has none; and what follows.
std::string_view parent_of(std::string_view path) noexcept;
std::string_view name_of(std::string_view path) noexcept;

// For paths and names that only follow: O_PATH, which needs no read permission.
Fd open_root(const char* path) noexcept;

// The directory with this one-component name; a symbolic link is ENOTDIR. errno where it fails.
Fd open_child_directory(Name name) noexcept;

// Another descriptor of an open directory.
Fd open_again(const Fd& directory) noexcept;

// As above, readable, for chmod and the like.
Fd open_child_directory_for_reading(Name name) noexcept;

// mkdirat; true also where a directory is there already, made by a racing worker perhaps.
bool make_directory(Name name, mode_t mode = 0777) noexcept;

// mkdirat; false with EEXIST where something was there.
bool make_new_directory(Name name, mode_t mode) noexcept;

// Whether the calling process may make and remove entries of `directory`.
bool may_write(const char* directory) noexcept;

// True where it was made by this call; false with EEXIST where something was there.
bool make_root(const char* path, mode_t mode = 0777) noexcept;

// False where it stays: errno says why.
bool remove_if_empty(Name directory) noexcept;

}  // namespace ream::os
