// An option whose value is the name of a file.
#pragma once

#include <string>

#include "cli/arguments.hpp"

namespace ream::cli {

// Empty where it was not given. Throws UsageError where it was, with an empty name: a recipe's
// variable that is not set must not look like success.
inline std::string file_option(const Arguments& arguments, const std::string& option) {
  const auto name = arguments.text(option);
  if (name && name->empty()) refuse_value("--" + option, *name, "the name of a file");
  return name.value_or("");
}

}  // namespace ream::cli
