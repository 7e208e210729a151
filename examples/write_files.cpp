// 500 processes write a file each: info<i> holds i times '='. When all are written, every name in
// the directory is shown. Usage: write_files [DIRECTORY], by default info; files that are there are
// overwritten.
#include <algorithm>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <iostream>
#include <ream/listing.hpp>
#include <ream/process.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace fs = boost::filesystem;

constexpr int file_count = 500;

// The parent holds a descriptor for each child until it lets go of it, and is often allowed no more
// than 1,024, or 256. So the children run in rounds.
constexpr int round_size = 100;

void write_file(const fs::path& directory, int number) {
  fs::ofstream file(directory / ("info" + std::to_string(number)));
  file << std::string(static_cast<std::size_t>(number), '=');
  file.close();
  if (!file) throw std::runtime_error("cannot write info" + std::to_string(number));
}

void write_round(const fs::path& directory, int first, int last) {
  std::vector<ream::Process> writers;
  for (int number = first; number <= last; ++number) {
    writers.emplace_back(write_file, directory, number).start();
  }
  ream::join_all(writers);

  for (const auto& writer : writers) {
    if (writer.exit_status()->success()) continue;
    throw std::runtime_error(writer.name() + " " + writer.exit_status()->to_string());
  }
}

int main(int argc, char** argv) try {
  const fs::path directory = argc > 1 ? argv[1] : "info";
  fs::create_directories(directory);
  for (int first = 1; first <= file_count; first += round_size) {
    write_round(directory, first, std::min(first + round_size - 1, file_count));
  }
  for (const auto& entry : ream::list_directory(directory)) std::cout << entry.path << '\n';
} catch (const std::exception& error) {
  std::cerr << "write_files: " << error.what() << '\n';
  return 1;
}
