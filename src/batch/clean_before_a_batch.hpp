// What clean() does, as far as it costs a batch next to nothing.
#pragma once

#include <boost/filesystem/path.hpp>

namespace ream {

// Where runs have their marks beside `directory`, those in it are not looked for: it may hold
// millions of files. Throws Error.
void clean_before_a_batch(const boost::filesystem::path& directory);

}  // namespace ream
