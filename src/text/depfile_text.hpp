// What a target depends on, in the part of a Makefile's syntax that GNU make and ninja read alike
// (GNU make's manual, "Rule Syntax"; ninja, src/depfile_parser.in.cc; both tried out).
//
//   out.stamp: site.jsonl img/a\ b.png
//
//   img/a\ b.png:
//
// A blank, '#' and ':' have a backslash before them, '$' is written twice, any other backslash
// stands for itself. Each prerequisite also has a line of its own (as with `gcc -MP`), so that one
// that is removed, and that nobody needs any more, is no error.
//
// Newlines and other control characters, "*;|<>^`=?&", quotes, '~' at the beginning and a few
// combinations with backslashes have no form that both read (ninja 1.11 splits a name at most of
// them, and runs the rule again every time). A name with brackets is a pattern for make, which
// falls back to the name where no file matches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ream::text {

// Why a path cannot be written there: "has a ';'". Empty for one that can.
std::string problem_with_depfile_target(std::string_view path);
std::string problem_with_prerequisite(std::string_view path);

// All of them must be such that they can be written.
std::string depfile_text(std::string_view target, const std::vector<std::string>& prerequisites);

}  // namespace ream::text
