// A listing on standard output.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "ream/listing.hpp"

namespace ream::cli {

// Adds --list and --null to a group of options.
void add_list_options(po::options_description& group, const char* about_list);

// What of them does not go together.
std::vector<Exclusion> list_exclusions();

// What they say, and whether names are coloured. Throws UsageError.
ListOptions list_options(const Arguments& arguments);

// False where it could not be written: said on standard error as "listing: EPIPE (Broken pipe)".
bool print_listing(const std::string& directory, const ListOptions& options);

}  // namespace ream::cli
