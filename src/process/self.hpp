// What the calling process is.
#pragma once

#include "process/record.hpp"

namespace ream::detail {

// Its record, where this library started it; null in the program itself, and in what was forked
// behind the library's back.
const ProcessRecord* own_record() noexcept;

// Said once by a child, of itself. The record is as its parent left it at the fork.
void become(const ProcessRecord& record) noexcept;

}  // namespace ream::detail
