// Removes what runs that died left behind.
#pragma once

#include <boost/filesystem/path.hpp>
#include <vector>

#include "ream/api.hpp"

namespace ream {

// A run that was killed, or lost its machine's power, cannot tidy: the hidden directory in which it
// had its batch, temporary files beside those that they would have become, and the old directory
// where it had just been replaced stay, and so does the lock file that tells whose they are. This
// removes them for batches into `directory`, and returns their paths. Another process's run that
// still lives holds its lock, and nothing of it is touched; nor is what belongs to another user, or
// has such a name without such a lock file. write_batch() does the same before it begins, but looks
// within `directory` itself only where runs into it cannot have their lock files beside it, or it
// was given as "." or through a link.
//
// Throws Error where a directory that may hold such things cannot be read, or one of them cannot be
// removed; the others are gone then.
REAM_API std::vector<boost::filesystem::path> clean(const boost::filesystem::path& directory);

}  // namespace ream
