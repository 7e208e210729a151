// What a batch would do, told without doing it.
#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ream/plan.hpp"
#include "ream/write_options.hpp"

namespace ream {

struct Forecast {
  std::uint64_t written = 0;  // entries that would be made or replaced
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;
  std::vector<std::string> in_the_way = {};  // sentences, by the order of the plan
  std::vector<std::string> removed = {};     // paths that would be pruned
  std::vector<std::string> kept = {};        // sentences about those that would not
  std::string trouble = {};                  // why, where one cannot be read
  std::optional<int> stopped_by = {};        // the signal that ended it before it was through
};

// Checks the plan, and looks for each of its entries beneath `directory`; nothing is changed. Calls
// `would_write` with the paths that would be made or replaced, in the plan's order; with none where
// IfExists::fail has the batch refused. Not tried: what
// the sources of copies hold, whether the disk has room, whether files may be made there.
//
// Throws what write_batch() would throw before it writes anything.
Forecast foresee_batch(const Plan& plan, const boost::filesystem::path& directory,
                       const WriteOptions& options,
                       const std::function<void(std::string_view)>& would_write);

}  // namespace ream
