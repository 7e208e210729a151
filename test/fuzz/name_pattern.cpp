// Tries any text as a name pattern: it is refused or gives names of bounded length, and one that is
// called injective gives distinct names, none of them another's directory.
#include "plan/name_pattern.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "ream/error.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_distinct(const ream::plan::NamePattern& pattern) {
  std::set<std::string> names;
  for (const std::uint64_t number :
       {1, 2, 9, 10, 11, 12, 21, 47, 100, 101, 110, 111, 112, 211, 1000, 1111}) {
    std::string name;
    pattern.append(number, name);
    require(names.insert(name).second);
  }
  for (const auto& name : names) {
    const auto beneath = names.lower_bound(name + "/");
    require(beneath == names.end() || beneath->compare(0, name.size() + 1, name + "/") != 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const ream::plan::NamePattern pattern(text);
    std::string name;
    pattern.append(UINT64_MAX, name);
    // A field is at most 255 wide and takes two characters of the pattern.
    require(name.size() <= 256 * (size + 1));
    if (pattern.is_injective()) check_distinct(pattern);
  } catch (const ream::InputError&) {
  }
  return 0;
}
