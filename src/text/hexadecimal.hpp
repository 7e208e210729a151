// Digests as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::text {

// 64 digits, the letters small.
void append_hexadecimal(std::string& text, const Sha256& digest);

// Exactly 64 digits, the letters small or capital; empty for anything else.
std::optional<Sha256> parse_sha256(std::string_view digits);

}  // namespace ream::text
