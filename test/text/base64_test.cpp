#define BOOST_TEST_MODULE base64
#include "text/base64.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>
#include <string_view>

namespace {

using ream::text::decode_base64;
using ream::text::encode_base64;

// RFC 4648, section 10, and bytes that take the alphabet's last characters.
const std::map<std::string, std::string> examples{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFB\xEF\xBE", "++++"},
    {"\xFF\xFF\xFF", "////"},
    {std::string(3, '\0'), "AAAA"},
};

bool is_refused(std::string_view text) {
  std::string out;
  return !decode_base64(text, out);
}

std::string random_bytes(std::size_t size) {
  std::mt19937 random(42);
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(bytes_become_the_text_of_the_standard) {
  for (const auto& [bytes, text] : examples) BOOST_TEST(encode_base64(bytes) == text);
}

BOOST_AUTO_TEST_CASE(the_text_of_the_standard_becomes_bytes) {
  for (const auto& [bytes, text] : examples) {
    std::string out = "from before";
    BOOST_TEST(decode_base64(text, out));
    BOOST_TEST(out == bytes);
  }
}

BOOST_AUTO_TEST_CASE(bytes_of_every_length_come_back) {
  const std::string bytes = random_bytes(1000);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto part = std::string_view(bytes).substr(0, size);
    std::string out;
    BOOST_TEST(decode_base64(encode_base64(part), out));
    BOOST_TEST((out == part));
  }
}

BOOST_AUTO_TEST_CASE(more_bytes_than_are_encoded_at_once_come_back) {
  const std::string bytes = random_bytes((std::size_t{3} << 24) + 7);
  const std::string text = encode_base64(bytes);
  BOOST_TEST(text.find('=') >= text.size() - 2);
  std::string out;
  BOOST_TEST(decode_base64(text, out));
  BOOST_TEST((out == bytes));
}

BOOST_AUTO_TEST_CASE(a_length_that_is_no_multiple_of_four_is_refused) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zm9vY", "Zm9vYg", "Zm9vYmE", "="}) {
    BOOST_TEST(is_refused(text), text);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_outside_the_alphabet_is_refused) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int byte = 0; byte < 256; ++byte) {
    const auto character = static_cast<char>(byte);
    const bool allowed = alphabet.find(character) != alphabet.npos;
    for (std::size_t place = 0; place < 4; ++place) {
      std::string text = "AAAAAAAA";
      text[place] = character;
      BOOST_TEST(is_refused(text) == !allowed, "byte " << byte << " at " << place);
    }
  }
}

BOOST_AUTO_TEST_CASE(white_space_is_refused_wherever_it_is) {
  for (const auto* text : {"Zm9v\n", "\nZm9v", "   Zm9v ", "Zm9v    ", "    Zm9v", "Zm9v\r\n\r\n",
                           "Zm 9", "Zg\n=", "Zg= ", " Zg=", "\tZm9", "    "}) {
    BOOST_TEST(is_refused(text), text);
  }
}

BOOST_AUTO_TEST_CASE(padding_is_refused_but_at_the_end) {
  for (const auto* text : {"Zg==Zg==", "Zm8=Zm8=", "Z===", "====", "=AAA", "A=AA", "AA=A",
                           "AAA=AAAA", "AA==AAAA", "Zg==="}) {
    BOOST_TEST(is_refused(text), text);
  }
}

BOOST_AUTO_TEST_CASE(bits_that_no_byte_takes_must_be_zero) {
  for (const auto* text : {"Zh==", "Zv==", "Z/==", "Zm9=", "Zm+=", "Zm/=", "Zm9vYh=="}) {
    BOOST_TEST(is_refused(text), text);
  }
}

BOOST_AUTO_TEST_CASE(other_variants_of_base64_are_refused) {
  for (const auto* text : {"-_-_", "__8=", "Zm9v--", "Zm9v-AAA"})
    BOOST_TEST(is_refused(text), text);
}
