#include "listing/name_color.hpp"

namespace ream {

namespace {

constexpr mode_t set_user_bit = 04000;
constexpr mode_t set_group_bit = 02000;
constexpr mode_t sticky_bit = 01000;
constexpr mode_t others_write_bit = 00002;
constexpr mode_t execute_bits = 00111;

std::string_view color_of_file(mode_t mode) {
  if ((mode & set_user_bit) != 0) return "37;41";
  if ((mode & set_group_bit) != 0) return "30;43";
  return (mode & execute_bits) != 0 ? "01;32" : "";
}

std::string_view color_of_directory(mode_t mode) {
  const bool others_write = (mode & others_write_bit) != 0;
  if ((mode & sticky_bit) != 0) return others_write ? "30;42" : "37;44";
  return others_write ? "34;42" : directory_color;
}

}  // namespace

std::string_view name_color(mode_t mode) {
  switch (os::file_type(mode)) {
    case os::FileType::regular:
      return color_of_file(mode);
    case os::FileType::directory:
      return color_of_directory(mode);
    case os::FileType::symlink:
      return "01;36";
    case os::FileType::fifo:
      return "40;33";
    case os::FileType::socket:
      return "01;35";
    case os::FileType::character_device:
    case os::FileType::block_device:
      return "40;33;01";
    case os::FileType::unknown:
      break;
  }
  return "";
}

void append_colored(std::string_view name, std::string_view color, std::string& out) {
  if (color.empty()) {
    out += name;
  } else {
    out.append("\x1b[").append(color).append("m").append(name).append("\x1b[0m");
  }
}

}  // namespace ream
