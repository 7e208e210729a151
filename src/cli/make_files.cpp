#include "cli/make_files.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "cli/file_option.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "text/depfile_text.hpp"
#include "text/make_flags.hpp"

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

std::string text_of_depfile(const std::string& stamp, const Plan& plan,
                            const std::string& manifest) {
  check_form(stamp, text::problem_with_depfile_target(stamp));
  Prerequisites prerequisites;
  if (!manifest.empty() && manifest != "-") prerequisites.add(manifest);
  if (!manifest.empty()) prerequisites.add_sources(plan);
  return text::depfile_text(stamp, prerequisites.paths());
}

}  // namespace

OptionGroup make_options() {
  auto group = option_group("Make and ninja");
  group.add_options()("stamp", takes("FILE"), "touch FILE at the end, where all went well")(
      "stamp-if-changed", po::bool_switch(), "but not where nothing was changed (ninja's restat)")(
      "depfile", takes("FILE"), "what the stamp depends on: MANIFEST, each \"from\"")(
      "prune", po::bool_switch(), "remove what only earlier runs wrote")(
      "record", takes("FILE"), "where --prune keeps its list (default: STAMP.record)")(
      "dry-run,n", po::bool_switch(), "write nothing, print the paths that would be written");
  return group;
}

MakeSettings make_settings(const Arguments& arguments) {
  MakeSettings settings;
  settings.depfile = file_option(arguments, "depfile");
  settings.stamp = file_option(arguments, "stamp");
  settings.stamp_if_changed = arguments.flag("stamp-if-changed");
  settings.record = file_option(arguments, "record");
  const bool prune = arguments.flag("prune");
  const bool stamped = !settings.stamp.empty();
  if (!settings.depfile.empty() && !stamped) {
    throw UsageError("--depfile says what the stamp depends on: it needs --stamp");
  }
  if (settings.stamp_if_changed && !stamped) throw UsageError("--stamp-if-changed needs --stamp");
  if (!settings.record.empty() && !prune) throw UsageError("--record goes with --prune only");
  if (prune && settings.record.empty()) {
    if (!stamped) throw UsageError("--prune needs --record, or --stamp, which it lies beside then");
    settings.record = settings.stamp + ".record";
  }
  return settings;
}

std::vector<NamedFile> files_of(const MakeSettings& settings) {
  std::vector<NamedFile> files;
  const auto add = [&](std::string role, const std::string& path) {
    if (!path.empty()) files.push_back({std::move(role), path});
  };
  add("--stamp", settings.stamp);
  if (settings.stamp_if_changed) {
    add("the mark of --stamp-if-changed,", ChangeMark::path_beside(settings.stamp));
  }
  add("--depfile", settings.depfile);
  add("--record", settings.record);
  return files;
}

bool make_wants_a_dry_run() {
  const char* makeflags = std::getenv("MAKEFLAGS");
  return makeflags != nullptr && text::parse_make_flags(makeflags).dry_run;
}

namespace {

void check_stamp(const MakeSettings& settings, const std::string& directory) {
  if (settings.stamp.empty()) return;
  check_place_of_file(settings.stamp, "stamp", directory);
  if (!settings.stamp_if_changed) return;
  check_place_of_file(ChangeMark::path_beside(settings.stamp), "mark of the stamp", directory);
}

}  // namespace

void check_make_files(const MakeSettings& settings, const Plan& plan, const std::string& manifest,
                      const std::string& directory) {
  check_stamp(settings, directory);
  if (settings.depfile.empty()) return;
  text_of_depfile(settings.stamp, plan, manifest);
  check_place_of_file(settings.depfile, "depfile", directory);
}

MakeFiles::MakeFiles(const MakeSettings& settings, const Plan& plan, const std::string& manifest,
                     const std::string& directory)
    : settings_(settings), mark_(settings.stamp) {
  check_stamp(settings_, directory);
  if (settings_.depfile.empty()) return;
  const auto text = text_of_depfile(settings_.stamp, plan, manifest);
  depfile_.emplace(settings_.depfile, "depfile", PublishedFile::Durable::no, directory);
  depfile_->write(text);
}

MakeFiles::~MakeFiles() {
  try {
    if (depfile_) depfile_->tidy();
  } catch (const Error&) {  // the mark that stays tells the next run
  }
}

void MakeFiles::begin() {
  if (settings_.stamp_if_changed) mark_.set();
}

void MakeFiles::end(bool changed) {
  changed_ = changed || mark_.was_left();
  if (!changed_) mark_.take_back();
}

void MakeFiles::publish() {
  if (depfile_) depfile_->publish();
  const auto& stamp = settings_.stamp;
  if (stamp.empty()) return;
  const bool kept =
      settings_.stamp_if_changed && !changed_ && os::status(os::from_here(stamp.c_str()));
  if (!kept && !os::touch(stamp.c_str())) os::throw_errno(Operation::write, stamp);
  mark_.remove();
}

}  // namespace ream::cli
