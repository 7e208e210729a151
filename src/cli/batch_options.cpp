#include "cli/batch_options.hpp"

#include "cli/choices.hpp"
#include "cli/common_options.hpp"
#include "cli/file_option.hpp"
#include "cli/listing_output.hpp"
#include "cli/progress.hpp"

namespace ream::cli {

namespace {

Placement placement(const Arguments& arguments) {
  if (arguments.flag("serial")) return Placement::in_process;
  return arguments.flag("process-per-file") ? Placement::process_per_job : Placement::pooled;
}

std::vector<OptionGroup> batch_options() {
  auto workers = option_group("Workers");
  add_jobs_option(workers);
  workers.add_options()("serial", po::bool_switch(), "write in the driver itself, without a fork")(
      "process-per-file", po::bool_switch(), "a process for each file, at most --jobs at once")(
      "keep-going,k", po::bool_switch(), "try every file; else the first failure is the end");
  auto guarantees = option_group("Guarantees");
  guarantees.add_options()("atomic", takes(one_of(atomic_choices)),
                           "what appears whole or not at all (default: auto)")(
      "sync", takes(one_of(sync_choices)), "what is on the disk at the end (default: none)")(
      "if-exists", takes(one_of(if_exists_choices)),
      "what becomes of what is there (default: fail)");
  auto output = option_group("Output");
  add_list_options(output, "what to print at the end (default: names)");
  output.add_options()("sums", takes("FILE"), "the checksums of a complete batch, as by sha256sum")(
      "report", takes("FILE"), "the report as JSON");
  add_progress_options(output, "no progress and no summary");
  output.add_options()("help,h", "this text");
  return {workers, guarantees, make_options(), output, common_options()};
}

std::vector<Variable> batch_variables() {
  return {jobs_variable, progress_variable};
}

std::vector<Exclusion> batch_exclusions() {
  constexpr std::string_view only_whole =
      "--atomic batch replaces DIR as a whole, so nothing in it can be skipped or updated: use "
      "--atomic file, or --if-exists replace";
  auto exclusions = list_exclusions();
  exclusions.insert(
      exclusions.end(),
      {{{{"serial", flag_on}, {"process-per-file", flag_on}},
        "--serial and --process-per-file exclude each other"},
       {{{"serial", flag_on}, {"jobs"}}, "--serial and --jobs exclude each other"},
       {{{"atomic", "batch"}, {"if-exists", "skip"}}, only_whole},
       {{{"atomic", "batch"}, {"if-exists", "update"}}, only_whole},
       {{{"prune", flag_on}, {"atomic", "batch"}, {"if-exists", "replace"}},
        "--prune does not go with --atomic batch --if-exists replace: DIR holds the batch and "
        "nothing else then"},
       quiet_against_progress()});
  return exclusions;
}

}  // namespace

void add_batch_options(CommandLine& line) {
  for (const auto& group : batch_options()) line.groups.push_back(group);
  for (const auto& variable : batch_variables()) line.variables.push_back(variable);
  line.exclusions = batch_exclusions();
}

BatchSettings batch_settings(const Arguments& arguments) {
  BatchSettings settings;
  settings.directory = arguments.positional("DIR");
  settings.placement = placement(arguments);
  settings.dry_run = arguments.flag("dry-run") || make_wants_a_dry_run();
  if (settings.placement != Placement::in_process) {
    settings.workers =
        workers(arguments, settings.dry_run ? UnreachableMake::not_told : UnreachableMake::told);
  }
  settings.keep_going = arguments.flag("keep-going");
  settings.atomic = static_cast<Atomic>(arguments.choice("atomic", atomic_choices));
  settings.sync = static_cast<Sync>(arguments.choice("sync", sync_choices));
  settings.if_exists = static_cast<IfExists>(arguments.choice("if-exists", if_exists_choices));
  settings.make = make_settings(arguments);
  settings.list = list_options(arguments);
  settings.sums_file = file_option(arguments, "sums");
  settings.report_file = file_option(arguments, "report");
  settings.show_progress = progress_is_wanted(arguments);
  settings.show_summary = !arguments.flag("quiet");
  return settings;
}

}  // namespace ream::cli
