#include "cli/listing_output.hpp"

#include <fmt/format.h>

#include <cstring>

#include "cli/choices.hpp"
#include "cli/color.hpp"
#include "cli/say.hpp"
#include "os/standard_streams.hpp"
#include "ream/error.hpp"

namespace ream::cli {

namespace {

std::string reason_of(const Error& error) {
  if (error.operation() != Operation::write || error.error_number() == 0) return error.what();
  return fmt::format("{} ({})", ::strerrorname_np(error.error_number()),
                     ::strerror(error.error_number()));
}

}  // namespace

void add_list_options(po::options_description& group, const char* about_list) {
  group.add_options()("list", takes(one_of(list_choices)), about_list)(
      "null,0", po::bool_switch(), "end each name with NUL, not with a newline");
}

std::vector<Exclusion> list_exclusions() {
  constexpr std::string_view reason = "--null does not go with --list tree or --list json";
  return {{{{"null", flag_on}, {"list", "tree"}}, reason},
          {{{"null", flag_on}, {"list", "json"}}, reason}};
}

ListOptions list_options(const Arguments& arguments) {
  ListOptions options;
  options.format = static_cast<ListFormat>(arguments.choice("list", list_choices));
  options.null_terminated = arguments.flag("null");
  options.colored = output_is_colored(arguments);
  return options;
}

bool print_listing(const std::string& directory, const ListOptions& options) {
  if (options.format == ListFormat::none) return true;
  try {
    write_listing(directory, options, os::write_standard_output);
    return true;
  } catch (const Error& error) {
    say("listing: " + reason_of(error));
    return false;
  }
}

}  // namespace ream::cli
