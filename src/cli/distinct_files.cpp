#include "cli/distinct_files.hpp"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>
#include <variant>

#include "batch/published_file.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

class Written {
 public:
  explicit Written(const NamedFile& file)
      : file_(file), found_(os::status_behind_links(os::from_here(file.path.c_str()))) {}

  bool holds_something() const noexcept { return found_ && found_->size > 0; }

  void refuse_if_same(const NamedFile& other) const {
    if (!is_same(other.path)) return;
    throw InputError(fmt::format("{} {}", file_.role, ream::quoted(file_.path)),
                     fmt::format("is the same file as {} {}: give it a name of its own", other.role,
                                 ream::quoted(other.path)));
  }

 private:
  bool is_same(const std::string& path) const {
    const auto other = os::status_behind_links(os::from_here(path.c_str()));
    if (other && found_) return os::is_regular(*found_) && other->identity == found_->identity;
    return !other && !found_ && path_without_links(path) == path_without_links(file_.path);
  }

  const NamedFile& file_;
  const std::optional<os::Status> found_;
};

std::vector<Written> all_distinct(const std::vector<NamedFile>& files) {
  std::vector<Written> written;
  for (const auto& file : files) {
    for (const auto& before : written) before.refuse_if_same(file);
    written.emplace_back(file);
  }
  return written;
}

bool any_holds_something(const std::vector<Written>& written) {
  for (const auto& file : written) {
    if (file.holds_something()) return true;
  }
  return false;
}

// What is copied is there, so a file that is absent or empty takes nothing away.
void check_sources(const std::vector<Written>& written, const Plan& plan) {
  std::unordered_set<std::string> known;
  const auto scratch = plan.make_scratch();
  for (std::uint64_t index = 0; index < plan.size(); ++index) {
    const auto job = plan.job(index, *scratch);
    const auto* copy = std::get_if<CopyOf>(&job.content);
    if (copy == nullptr || !known.emplace(copy->source).second) continue;
    const NamedFile source{plan.place(index) + ", \"from\":", std::string(copy->source)};
    for (const auto& file : written) file.refuse_if_same(source);
  }
}

}  // namespace

void check_distinct(const std::vector<NamedFile>& files, const std::string& manifest,
                    const Plan& plan) {
  if (manifest.empty()) return check_distinct(files);
  check_distinct(files, NamedFile{"MANIFEST", manifest}, plan);
}

void check_distinct(const std::vector<NamedFile>& files, const NamedFile& manifest,
                    const Plan& plan) {
  const auto written = all_distinct(files);
  if (manifest.path != "-") {
    for (const auto& file : written) file.refuse_if_same(manifest);
  }
  if (any_holds_something(written)) check_sources(written, plan);
}

void check_distinct(const std::vector<NamedFile>& files) {
  all_distinct(files);
}

}  // namespace ream::cli
