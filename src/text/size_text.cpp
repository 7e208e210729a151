#include "text/size_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace ream::text {

namespace {

constexpr std::string_view units = "KMGTPE";
constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

// A product of 64 bits and 1024^6 fits.
__extension__ using Wide = unsigned __int128;

struct Decimal {
  std::uint64_t digits = 0;  // with the fraction's, the point left out
  unsigned fraction_digits = 0;
};

std::optional<Decimal> parse_decimal(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == text.npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || (point != text.npos && fraction.empty()) || fraction.size() > 9) {
    return std::nullopt;
  }
  const auto digits = parse_whole_number(std::string(whole) + std::string(fraction));
  if (!digits) return std::nullopt;
  return Decimal{*digits, static_cast<unsigned>(fraction.size())};
}

// The power of 1024 that "", "K", "KB", "KiB", … stand for; -1 for anything else.
int exponent_of(std::string_view suffix) {
  if (suffix.empty() || suffix == "B") return 0;
  const auto unit = units.find(suffix.front());
  const auto rest = suffix.substr(1);
  if (unit == units.npos || (!rest.empty() && rest != "iB" && rest != "B")) return -1;
  return static_cast<int>(unit) + 1;
}

}  // namespace

std::optional<std::uint64_t> parse_whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto number_end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto decimal = parse_decimal(text.substr(0, number_end));
  const int exponent = exponent_of(text.substr(number_end));
  if (!decimal || exponent < 0) return std::nullopt;
  Wide bytes = decimal->digits;
  bytes <<= 10 * exponent;
  Wide divisor = 1;
  for (unsigned i = 0; i < decimal->fraction_digits; ++i) divisor *= 10;
  if (bytes % divisor != 0 && exponent == 0) return std::nullopt;  // "1.5" bytes
  bytes /= divisor;
  if (bytes > largest) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace ream::text
