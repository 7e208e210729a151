#include "cli/option_table.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/program_options/cmdline.hpp>

namespace ream::cli {

namespace {

std::string short_name(const po::option_description& option) {
  const auto name = option.canonical_display_name(po::command_line_style::allow_dash_for_short);
  return name.size() == 2 && name.front() == '-' ? name : "";
}

OptionRow option_row(const po::option_description& option) {
  const auto& value = *option.semantic();
  OptionRow row;
  row.short_name = short_name(option);
  row.long_name = "--" + option.long_name();
  if (value.max_tokens() > 0) row.takes = value.name();
  row.about = option.description();
  row.repeatable = value.is_composing();
  return row;
}

void add_alternative(ValueKind& kind, const std::string& name) {
  if (name == "DIR") {
    kind.directory = true;
  } else if (name == "FILE" || name == "MANIFEST" || name == "NEW") {
    kind.file = true;
  } else if (!name.empty() && name.front() >= 'a' && name.front() <= 'z') {
    kind.choices.push_back(name);
  }
}

}  // namespace

std::vector<OptionRow> option_rows(const OptionGroup& group) {
  std::vector<OptionRow> rows;
  for (const auto& option : group.options()) rows.push_back(option_row(*option));
  return rows;
}

ValueKind kind_of_value(std::string_view name) {
  constexpr std::string_view end_of_a_list = ",...";
  ValueKind kind;
  kind.list = name.ends_with(end_of_a_list);
  if (kind.list) name.remove_suffix(end_of_a_list.size());
  std::vector<std::string> alternatives;
  boost::split(alternatives, std::string(name), boost::is_any_of("|"));
  for (const auto& alternative : alternatives) add_alternative(kind, alternative);
  return kind;
}

}  // namespace ream::cli
