// What somebody may have meant who mistyped a word.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ream::text {

// How many letters have to be inserted, left out, replaced or exchanged with their neighbour to
// make one of the other (the restricted Damerau-Levenshtein distance; Boytsov, "Indexing methods
// for approximate dictionary searching", 2011). Letters are bytes here.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that is nearest to `word`, the first of several; empty where none is so near that
// it could be meant: within a third of its letters, and at least one.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace ream::text
