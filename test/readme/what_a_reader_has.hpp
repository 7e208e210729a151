// What the programs in README.md speak of and do not show.
#pragma once

#include <fstream>
#include <string>

inline void write_report(const std::string& path, int number) {
  std::ofstream(path) << number << '\n';
}
