// A file's name from its number: literal text and fields in fmt's syntax.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ream::plan {

class NamePattern {
 public:
  // Throws InputError: a bad format, a field of another argument than the number, a width above 255
  // (fmt would accept two billion, and fill memory with them), or a nested field.
  explicit NamePattern(std::string_view pattern);

  // Appends the name of file `number`. Throws InputError for a number that the format cannot show.
  void append(std::uint64_t number, std::string& out) const;

  // True where two numbers surely have two names, and no name is another's directory: every field
  // is a plain or left-padded number, so names of one length differ in a digit, and the slashes are
  // all in the literal text. Others ("{:c}", "{:1<5}", no field at all) have to be tried out.
  bool is_injective() const noexcept;

 private:
  struct Piece {
    std::string literal;  // before the field
    std::string field;    // "{}", "{:05}"; empty for the end of the pattern
  };

  void add_field(std::string_view field, std::string_view pattern);

  std::vector<Piece> pieces_;
};

}  // namespace ream::plan
