// What dead runs left at a place, removed before a batch is written there.
#pragma once

#include <boost/filesystem/path.hpp>

namespace ream {

// As clean(); but where runs have their marks beside `path`, those in it are not looked for: it may
// hold millions of files. What cannot be removed hinders nobody, and is
// there for the next attempt.
void clean_before_a_batch(const boost::filesystem::path& path);

}  // namespace ream
