// That no file which a run writes beside its batch is another of them, or what the batch is made
// from: one would silently take the place of the other.
#pragma once

#include <string>
#include <vector>

#include "ream/plan.hpp"

namespace ream::cli {

// What a file is to a run, as the command line says it: "--sums", "MANIFEST".
struct NamedFile {
  std::string role;
  std::string path;
};

// Two are one file where they have the same device and inode, or, where they are not there yet, the
// same name in the same directory. A device is nobody's own. Throws InputError that names both.
// `written` are those that the run writes; `manifest` may be empty or "-". Which files `plan`
// copies is looked up only where one of `written` holds anything.
void check_distinct(const std::vector<NamedFile>& written, const std::string& manifest,
                    const Plan& plan);

// The same where the manifest is called otherwise than MANIFEST, and where there is none.
void check_distinct(const std::vector<NamedFile>& written, const NamedFile& manifest,
                    const Plan& plan);
void check_distinct(const std::vector<NamedFile>& written);

}  // namespace ream::cli
