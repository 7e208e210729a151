// Whether a tree that a cut left is one that was promised, and what it is then.
#pragma once

#include <optional>
#include <string>

#include "support/tree_image.hpp"

namespace ream::test {

// Kinds, contents and modes alone: neither times, nor what carries the mark of a run.
inline Tree what_counts(const Tree& tree) {
  Tree counts;
  for (const auto& [path, entry] : tree) {
    if (path.find(".ream-") == path.npos) counts[path] = {entry.kind, entry.content, entry.mode};
  }
  return counts;
}

inline std::optional<Tree> read_what_counts(const boost::filesystem::path& directory) {
  const auto tree = read_tree(directory);
  return tree ? std::optional(what_counts(*tree)) : std::nullopt;
}

inline bool has(const Tree& tree, const Tree::value_type& entry) {
  const auto found = tree.find(entry.first);
  return found != tree.end() && found->second == entry.second;
}

// An empty answer is a good one. `older` is what was there before, if anything.
inline std::string wrong_as_a_whole(const std::optional<Tree>& found, const Tree& newer,
                                    const std::optional<Tree>& older) {
  if (found == older || found == newer) return {};
  return found ? "a mix of " + std::to_string(found->size()) + " entries" : "nothing is there";
}

inline std::string wrong_file(const std::optional<Tree>& found, const Tree& newer,
                              const std::optional<Tree>& older) {
  if (!found) return older ? "nothing is there" : "";
  for (const auto& entry : *found) {
    if (entry.second.kind == Kind::directory || has(newer, entry)) continue;
    if (older && has(*older, entry)) continue;
    return entry.first + " of " + std::to_string(entry.second.content.size()) + " bytes";
  }
  for (const auto& [path, entry] : older.value_or(Tree())) {
    if (!found->contains(path)) return path + " has gone";
  }
  return {};
}

// What is missing, or else, of all that must be there.
inline std::string wrong_at_the_end(const std::optional<Tree>& found, const Tree& newer) {
  if (!found) return "nothing is there";
  for (const auto& entry : newer) {
    if (!has(*found, entry)) return entry.first;
  }
  return *found == newer ? "" : "more is there";
}

// How many pictures were of which kind.
struct Kinds {
  int nothing = 0;
  int old = 0;
  int part = 0;
  int whole = 0;
  int with_temporaries = 0;

  void count(const std::optional<Tree>& found, const Tree& newer, const std::optional<Tree>& older,
             bool temporaries) {
    with_temporaries += temporaries;
    if (found == newer) {
      ++whole;
    } else if (found == older) {
      ++(older ? old : nothing);
    } else {
      ++part;
    }
  }
  std::string text() const {
    return std::to_string(nothing) + " held nothing, " + std::to_string(old) + " the old, " +
           std::to_string(part) + " a part of the new, " + std::to_string(whole) + " all of it; " +
           std::to_string(with_temporaries) + " had what a dead run leaves";
  }
};

}  // namespace ream::test
