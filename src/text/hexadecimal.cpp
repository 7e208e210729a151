#include "text/hexadecimal.hpp"

namespace ream::text {

namespace {

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

void append_hexadecimal(std::string& text, const Sha256& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const unsigned byte : digest) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
}

std::optional<Sha256> parse_sha256(std::string_view digits) {
  Sha256 digest{};
  if (digits.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = value_of(digits[2 * i]);
    const int low = value_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return digest;
}

}  // namespace ream::text
