#include "cli/make_files.hpp"

#include <cstdlib>
#include <utility>

#include "batch/published_file.hpp"
#include "cli/depfile.hpp"
#include "cli/file_option.hpp"
#include "os/errors.hpp"
#include "os/file.hpp"
#include "ream/error.hpp"
#include "text/make_flags.hpp"

namespace ream::cli {

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
  check_place_of_touched_file(settings.stamp, "stamp", directory);
  if (!settings.stamp_if_changed) return;
  check_place_of_touched_file(ChangeMark::path_beside(settings.stamp), "mark of the stamp",
                              directory);
}

}  // namespace

MakeFiles::MakeFiles(const MakeSettings& settings, const Plan& plan, const std::string& manifest,
                     const std::string& directory)
    : settings_(settings), mark_(settings.stamp) {
  check_stamp(settings_, directory);
  if (settings_.depfile.empty()) return;
  depfile_.emplace(settings_.depfile, settings_.stamp, plan, manifest, directory);
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
