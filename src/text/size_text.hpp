// Sizes as people write them: "512", "4K", "64KiB", "1.5G". Powers of 1024.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ream::text {

inline constexpr std::string_view size_help =
    "a size such as 512, 4K, 64KiB or 1.5G (powers of 1024, below 8E)";

// Whole bytes, at most 2^63 - 1 (what a file offset can be). Empty where `text` is no such size.
std::optional<std::uint64_t> parse_size(std::string_view text);

// A whole number in decimal digits, nothing else. Empty where `text` is none, or too large.
std::optional<std::uint64_t> parse_whole_number(std::string_view text);

}  // namespace ream::text
