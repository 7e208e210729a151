#include "bench/tree_content.hpp"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "os/beneath.hpp"
#include "os/errors.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "ream/listing.hpp"
#include "ream/pool.hpp"
#include "sink/digest.hpp"
#include "sink/file_digest.hpp"

namespace ream::bench {

namespace {

void add(TreeContent& content, const Sha256& digest) {
  for (std::size_t i = 0; i < content.digest.size(); ++i) {
    std::uint64_t part = 0;
    std::memcpy(&part, reinterpret_cast<const char*>(&digest) + i * sizeof part, sizeof part);
    content.digest[i] += part;
  }
}

void add_file(TreeContent& content, const sink::FileDigest& file) {
  ++content.files;
  content.bytes += file.size;
  add(content, file.digest);
}

void add_link(TreeContent& content, os::Name link, const std::string& shown) {
  const auto target = os::read_link(link);
  if (!target) os::throw_errno(Operation::read, shown);
  sink::Sha256Digest digest;
  digest.update(*target);
  ++content.links;
  add(content, digest.finish());
}

std::string why_unread(const PoolRun<sink::FileDigest>& run) {
  if (!run.texts().empty()) return run.texts().front().second;
  if (run.killers().empty()) return "what was written cannot be read: " + run.trouble();
  return "what was written cannot be read: a worker was " +
         run.killers().front().second.to_string();
}

}  // namespace

TreeContent take_apart(const boost::filesystem::path& directory) {
  const auto root = os::open_root(directory.c_str());
  TreeContent content;
  std::vector<std::string> files;
  for (auto& entry : list_directory(directory)) {
    const os::Name name{root.get(), entry.path.c_str()};
    if (entry.type == EntryType::symlink) {
      add_link(content, name, (directory / entry.path).native());
    } else if (entry.type == EntryType::file) {
      files.push_back(std::move(entry.path));
    }
  }
  sink::FileDigester digester;  // each worker has its own copy
  const auto run = run_jobs<sink::FileDigest>(
      files.size(), [&](std::uint64_t index, Job<sink::FileDigest>& job) {
        const os::Name name{root.get(), files[index].c_str()};
        job.result() = digester.digest_of(name, (directory / files[index]).native());
        os::remove_file(name);  // whoever removes the directory tells of what is left
      });
  for (std::uint64_t index = 0; index < run.size(); ++index) {
    if (run.state(index) != JobState::done) throw std::runtime_error(why_unread(run));
    add_file(content, run.result(index));
  }
  return content;
}

std::string to_string(const TreeContent& content) {
  const auto links = content.links == 0 ? "" : fmt::format("{} links, ", content.links);
  return fmt::format("{} files, {}{} bytes, digest {:016x}", content.files, links, content.bytes,
                     content.digest[0] ^ content.digest[1] ^ content.digest[2] ^ content.digest[3]);
}

}  // namespace ream::bench
