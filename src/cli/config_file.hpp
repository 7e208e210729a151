// A file of options: "key = value" lines in sections, as Boost.Program_options reads them.
#pragma once

#include <string>
#include <string_view>

#include "cli/setting.hpp"

namespace ream::cli {

// What it says for `command`: keys before any section, where the command has such an option, and
// keys in the section of its name. The rest is checked too. Throws InputError, with the line.
Settings read_config_file(const std::string& path, std::string_view command);

// Some options are asked of the program, and are no way of doing it: --help.
bool may_stand_in_a_file(std::string_view option);

// "key = value", quoted where it has to be. Throws InputError where no line can say it.
std::string config_line(const std::string& key, const std::string& value);

}  // namespace ream::cli
