// The options of a command, read from what parses them: for help and completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"

namespace ream::cli {

struct OptionRow {
  std::string short_name;  // "-j", or empty
  std::string long_name;   // "--jobs"
  std::string takes;       // the value's name (see takes()); empty: it is a flag
  std::string about;
  bool repeatable = false;
};

std::vector<OptionRow> option_rows(const OptionGroup& group);

// What a value's name says to those who complete it.
struct ValueKind {
  std::vector<std::string> choices;
  bool file = false;
  bool directory = false;
  bool list = false;  // of these, separated by commas
};

ValueKind kind_of_value(std::string_view name);

}  // namespace ream::cli
