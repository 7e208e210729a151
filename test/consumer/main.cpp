// Writes a small batch by the installed library. Usage: consumer DIR
#include <iostream>

#include "ream/batch.hpp"
#include "ream/generator.hpp"
#include "ream/listing.hpp"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: consumer DIR\n";
    return 2;
  }
  const auto plan = ream::make_generator({.count = 20});
  const ream::Report report = ream::write_batch(*plan, argv[1], {.workers = 2});
  std::cout << report.files << " files, " << report.bytes << " bytes\n";
  for (const ream::Failure& failure : report.failures) std::cerr << failure.text << '\n';
  return report.complete() && ream::list_directory(argv[1]).size() == 20 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "consumer: " << error.what() << '\n';
  return 1;
}
