// Two versions of two batches, one generated and one described by a manifest, and what they write.
#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/fast_place.hpp"
#include "support/promises_of_trees.hpp"
#include "support/run_program.hpp"
#include "support/temporary_directory.hpp"

namespace ream::test {

using Words = std::vector<std::string>;

// From the root of a disk. Those above it are made by the batch, where there is no older one.
constexpr const char* target = "above/place/out";

template <class T>
std::vector<T> with(std::vector<T> some, const std::vector<T>& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

inline RunOptions in(const boost::filesystem::path& directory) {
  RunOptions options;
  options.directory = directory.native();
  return options;
}

class TwoBatches {
 public:
  TwoBatches() : manifests_(fast_place()) {
    for (const char* version : {"1", "2"}) manifests_.write_file(version, manifest_of(version));
  }

  Words words(bool generated, const std::string& version, const Words& options) const {
    const Words how = {"-q", "-j2", "--list", "none"};
    const Words generate = {"generate", "--count", "300",   "--size",    "1K..16K", "--fill",
                            "random",   "--seed",  version, "--per-dir", "50"};
    if (generated) return with(with(with(generate, how), options), {target});
    return with(with(with({"write"}, how), options), {(manifests_ / version).native(), target});
  }

  const Tree& tree(bool generated, const std::string& version) {
    auto& known = trees_[{generated, version}];
    if (known.empty()) known = written(words(generated, version, {}));
    return known;
  }

 private:
  static Tree written(const Words& words) {
    const TemporaryDirectory directory(fast_place());
    const auto ended = run_ream(words, in(directory.path()));
    BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
    return read_what_counts(directory / target).value();
  }

  static std::string manifest_of(const std::string& version) {
    std::string text = R"({"path": "link", "symlink": "f)" + version + "\"}\n" +
                       R"({"path": "d1", "directory": true, "mode": "0750"})"
                       "\n";
    for (unsigned i = 0; i < 300; ++i) {
      const auto number = std::to_string(i);
      const auto size = std::to_string(1024 + i * 7919 % 15360);
      text += R"({"path": "d)" + std::to_string(i % 6) + "/f" + number + R"(", "fill": ")" +
              number + " of " + version + R"(, ", "size": )" + size + R"(, "mode": ")" +
              (i % 5 == 0 ? "0755" : "0640") + "\"}\n";
    }
    return text;
  }

  TemporaryDirectory manifests_;
  std::map<std::pair<bool, std::string>, Tree> trees_;
};

}  // namespace ream::test
