#include "cli/depfile.hpp"

#include <fmt/format.h>

#include <unordered_set>
#include <variant>
#include <vector>

#include "batch/published_file.hpp"
#include "os/pattern.hpp"
#include "os/signals.hpp"
#include "ream/error.hpp"
#include "text/depfile_text.hpp"

namespace ream::cli {

namespace {

void check_form(const std::string& path, const std::string& problem) {
  if (problem.empty()) return;
  throw InputError("--depfile", fmt::format("the path {} {}: there is no form of it that both make "
                                            "and ninja read",
                                            ream::quoted(path), problem));
}

// The manifest, and the sources of copies, each once.
class Prerequisites {
 public:
  void add(const std::string& path) {
    if (!known_.insert(path).second) return;
    check_form(path, text::problem_with_prerequisite(path));
    if (path.find('[') != path.npos && os::matches_another_file(path.c_str())) {
      check_form(path, "matches other files, as a pattern");
    }
    paths_.push_back(path);
  }

  void add_sources(const Plan& plan) {
    const auto scratch = plan.make_scratch();
    for (std::uint64_t index = 0; index < plan.size(); ++index) {
      const auto job = plan.job(index, *scratch);
      if (const auto* copy = std::get_if<CopyOf>(&job.content)) add(std::string(copy->source));
    }
  }

  const std::vector<std::string>& paths() const noexcept { return paths_; }

 private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> paths_;
};

std::string text_of(const std::string& stamp, const Plan& plan, const std::string& manifest) {
  check_form(stamp, text::problem_with_depfile_target(stamp));
  Prerequisites prerequisites;
  if (!manifest.empty() && manifest != "-") prerequisites.add(manifest);
  if (!manifest.empty()) prerequisites.add_sources(plan);
  return text::depfile_text(stamp, prerequisites.paths());
}

}  // namespace

Depfile::Depfile(std::string file, const std::string& stamp, const Plan& plan,
                 const std::string& manifest, std::string directory)
    : file_(std::move(file)),
      directory_(std::move(directory)),
      text_(text_of(stamp, plan, manifest)) {
  check_place_of_file(file_, what, directory_);
}

// A signal waits for its end, which is soon: nothing is left of it then.
void Depfile::publish() const {
  const os::BlockedSignals blocked;
  PublishedFile file(file_, what, PublishedFile::Durable::no, directory_);
  file.write(text_);
  file.publish();
  file.tidy();
}

}  // namespace ream::cli
