// The pieces of JSON that listings and manifests are made of. Each call appends to `out`.
#pragma once

#include <fmt/format.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json/serializer.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream {

// Strictly: no surrogates, no overlong forms, nothing above U+10FFFF.
inline bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

// `text`, which must be UTF-8, in double quotes.
inline void append_json_string(std::string& out, std::string_view text) {
  std::array<char, 512> room;
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view(text));
  while (!serializer.done()) {
    const auto part = serializer.read(room.data(), room.size());
    out.append(part.data(), part.size());
  }
}

// By pieces of whole groups, since OpenSSL counts in int: only the last may end in padding.
inline void append_base64(std::string& out, std::string_view bytes) {
  constexpr std::size_t most_at_once = std::size_t{3} << 24;
  const auto* from = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() + 2) / 3 * 4);
  auto* to = static_cast<unsigned char*>(static_cast<void*>(out.data() + before));
  for (std::size_t done = 0; done < bytes.size(); done += most_at_once) {
    const std::size_t size = std::min(most_at_once, bytes.size() - done);
    to += EVP_EncodeBlock(to, from + done, static_cast<int>(size));
  }
}

// "key": "text", or "key64": "dGV4dA==" for text that is not UTF-8: names on Linux are any bytes.
inline void append_text_member(std::string& out, std::string_view key, std::string_view text) {
  const bool as_text = is_utf8(text);
  out.append("\"").append(key).append(as_text ? "\": " : "64\": \"");
  if (as_text) return append_json_string(out, text);
  append_base64(out, text);
  out += '"';
}

// Seconds since 1970 as an exact decimal number: {-1, 500000000} is -0.5.
inline void append_decimal(std::string& out, FileTime time) {
  constexpr std::uint32_t second = 1'000'000'000;
  const bool from_above = time.seconds < 0 && time.nanoseconds > 0;
  const std::int64_t whole = from_above ? time.seconds + 1 : time.seconds;
  const std::uint32_t fraction = from_above ? second - time.nanoseconds : time.nanoseconds;
  if (from_above && whole == 0) out += '-';
  fmt::format_to(std::back_inserter(out), "{}", whole);
  if (fraction == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:09}", fraction);
  out.erase(out.find_last_not_of('0') + 1);
}

}  // namespace ream
