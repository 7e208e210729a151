#include "text/json_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <boost/json/serializer.hpp>
#include <cstdint>
#include <iterator>

#include "text/base64.hpp"

namespace ream::text {

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::size_t least_room = 64;
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view(text.data(), text.size()));
  std::size_t used = out.size();
  while (!serializer.done()) {
    out.resize(used + std::max(text.size() + 2, least_room));
    used += serializer.read(out.data() + used, out.size() - used).size();
  }
  out.resize(used);
}

void append_text_member(std::string& out, std::string_view key, std::string_view text) {
  const bool as_text = is_utf8(text);
  out.append("\"").append(key).append(as_text ? "\": " : "64\": \"");
  if (as_text) return append_json_string(out, text);
  append_base64(out, text);
  out += '"';
}

void append_decimal(std::string& out, FileTime time) {
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

}  // namespace ream::text
