// Base64 (RFC 4648, section 4: with padding, without line breaks).
#pragma once

#include <string>
#include <string_view>

namespace ream::text {

std::string encode_base64(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);

// How long the base64 of so many bytes is.
constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

// False unless `text` is exactly what encode_base64 makes of some bytes: no other characters, no
// white space, padding in its place, unused bits zero. `out` is replaced, and unspecified where it
// fails.
bool decode_base64(std::string_view text, std::string& out);

}  // namespace ream::text
