// The words for what has a few values: what is parsed, shown and completed.
#pragma once

#include <string_view>
#include <vector>

namespace ream::cli {

// Each in the order of its enum.
inline const std::vector<std::string_view> atomic_choices = {"auto", "none", "file", "batch"};
inline const std::vector<std::string_view> sync_choices = {"none", "file", "batch"};
inline const std::vector<std::string_view> if_exists_choices = {"fail", "replace", "skip",
                                                                "update"};
inline const std::vector<std::string_view> placement_choices = {"serial", "pooled",
                                                                "process-per-file"};
inline const std::vector<std::string_view> occasion_choices = {"auto", "always", "never"};
inline const std::vector<std::string_view> list_choices = {"names", "long", "tree", "json", "none"};

}  // namespace ream::cli
