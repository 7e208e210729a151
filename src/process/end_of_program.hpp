// The parent's side of its own end: children are ended or waited for before it.
#pragma once

namespace ream::detail {

// From the first call on, a normal end of the program (main returns, std::exit(), std::terminate()
// for an uncaught exception) ends its children first.
void end_children_with_the_program();

}  // namespace ream::detail
