#include "bench/tree_content.hpp"

#include <fmt/format.h>

#include <cstring>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "ream/listing.hpp"
#include "ream/pool.hpp"
#include "sink/file_digest.hpp"

namespace ream::bench {

namespace {

std::vector<std::string> regular_files(const boost::filesystem::path& directory) {
  std::vector<std::string> files;
  for (auto& entry : list_directory(directory)) {
    if (entry.type == EntryType::file) files.push_back(std::move(entry.path));
  }
  return files;
}

void add(TreeContent& content, const sink::FileDigest& file) {
  ++content.files;
  content.bytes += file.size;
  for (std::size_t i = 0; i < content.digest.size(); ++i) {
    std::uint64_t part = 0;
    std::memcpy(&part, reinterpret_cast<const char*>(&file.digest) + i * sizeof part, sizeof part);
    content.digest[i] += part;
  }
}

}  // namespace

TreeContent take_apart(const boost::filesystem::path& directory) {
  const auto files = regular_files(directory);
  const auto root = os::open_root(directory.c_str());
  sink::FileDigester digester;  // each worker has its own copy
  const auto run = run_jobs<sink::FileDigest>(
      files.size(), [&](std::uint64_t index, Job<sink::FileDigest>& job) {
        const os::Name name{root.get(), files[index].c_str()};
        job.result() = digester.digest_of(name, (directory / files[index]).native());
        os::remove_file(name);  // whoever removes the directory tells of what is left
      });
  TreeContent content;
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    if (run.state(index) != JobState::done) {
      throw Error(Operation::read, (directory / files[index]).native(), 0);
    }
    add(content, run.result(index));
  }
  return content;
}

std::string to_string(const TreeContent& content) {
  return fmt::format("{} files, {} bytes, digest {:016x}", content.files, content.bytes,
                     content.digest[0] ^ content.digest[1] ^ content.digest[2] ^ content.digest[3]);
}

}  // namespace ream::bench
