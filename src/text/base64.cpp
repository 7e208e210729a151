#include "text/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace ream::text {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// OpenSSL counts in int, so long texts go by pieces of whole groups: only the last ends in padding.
constexpr std::size_t groups_at_once = std::size_t{1} << 24;

constexpr auto make_in_alphabet() {
  std::array<bool, 256> result{};
  for (const char character : alphabet) result[static_cast<unsigned char>(character)] = true;
  return result;
}

constexpr auto in_alphabet = make_in_alphabet();

// OpenSSL itself passes over white space at the ends and takes padding anywhere.
bool all_in_alphabet(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return in_alphabet[static_cast<unsigned char>(character)];
  });
}

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with('=') ? 1 : 0;
}

// Three bytes for each four characters, padding included.
void decode_groups(std::string_view text, char* out) {
  const auto* from = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
  auto* to = static_cast<unsigned char*>(static_cast<void*>(out));
  for (std::size_t done = 0; done < text.size(); done += 4 * groups_at_once) {
    const std::size_t size = std::min(4 * groups_at_once, text.size() - done);
    to += EVP_DecodeBlock(to, from + done, static_cast<int>(size));
  }
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const auto* from = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
  const std::size_t before = out.size();
  out.resize(before + base64_size(bytes.size()));
  auto* to = static_cast<unsigned char*>(static_cast<void*>(out.data() + before));
  for (std::size_t done = 0; done < bytes.size(); done += 3 * groups_at_once) {
    const std::size_t size = std::min(3 * groups_at_once, bytes.size() - done);
    to += EVP_EncodeBlock(to, from + done, static_cast<int>(size));
  }
}

std::string encode_base64(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

bool decode_base64(std::string_view text, std::string& out) {
  const std::size_t padding = padding_of(text);
  if (text.size() % 4 != 0 || !all_in_alphabet(text.substr(0, text.size() - padding))) return false;
  out.resize(text.size() / 4 * 3);
  decode_groups(text, out.data());
  for (std::size_t i = 0; i < padding; ++i) out.pop_back();
  if (padding == 0) return true;
  // Bits that no byte has taken: the last group must be what the last bytes encode to.
  const auto last_bytes = std::string_view(out).substr(out.size() - (3 - padding));
  return encode_base64(last_bytes) == text.substr(text.size() - 4);
}

}  // namespace ream::text
